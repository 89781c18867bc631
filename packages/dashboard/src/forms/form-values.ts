/** Text of a field, without the spaces around it. */
export function textOf(form: FormData, name: string) {
  const value = form.get(name)
  return typeof value === 'string' ? value.trim() : ''
}

/** Undefined when it was left empty. */
export const numberOf = (form: FormData, name: string) => {
  const text = textOf(form, name)
  return text === '' ? undefined : Number(text)
}

export const textsOf = (form: FormData, name: string) =>
  form.getAll(name).flatMap((value) => (typeof value === 'string' && value ? [value] : []))
