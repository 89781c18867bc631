import { CircleCheck } from 'lucide-react'
import { useState } from 'react'
import { useFetcher } from 'react-router-dom'
import { paths } from '../paths.ts'
import { Field } from '../ui/field.tsx'
import { Input } from '../ui/input.tsx'
import type { AddressCheck } from './address-check.ts'
import { fieldId } from './broken-summary.tsx'
import type { FieldErrors } from './rules.ts'
import { slugOf } from './slug-of.ts'

interface NameFieldsProps {
  errors: FieldErrors
  /** The app exists since an earlier try, so its address stands. */
  isCreated: boolean
  /** A name to begin with. */
  proposed: string
}

/** The address follows the name until somebody changes it; each change asks whether it is free. */
export function NameFields({ errors, isCreated, proposed }: NameFieldsProps) {
  const [slug, setSlug] = useState(slugOf(proposed))
  const [isOwn, setIsOwn] = useState(false)
  const check = useFetcher<AddressCheck>()

  function propose(next: string) {
    setSlug(next)
    if (next) check.load(paths.addressCheck(next))
  }

  const answer = check.data?.slug === slug ? check.data : undefined
  const isTaken = !isCreated && slug !== '' && answer?.isFree === false
  return (
    <div className="grid gap-4 sm:grid-cols-2">
      <Field id={fieldId('name')} label="Name" error={errors.name}>
        {(control) => (
          <Input
            {...control}
            name="name"
            defaultValue={proposed}
            maxLength={128}
            autoComplete="off"
            required
            onChange={(event) => !isOwn && !isCreated && propose(slugOf(event.target.value))}
          />
        )}
      </Field>
      <Field
        id={fieldId('slug')}
        label="Address"
        error={errors.slug ?? (isTaken ? (answer?.reason ?? 'This address is taken.') : undefined)}
        hint={<AddressHint slug={slug} isFree={answer?.isFree === true} isCreated={isCreated} />}
      >
        {(control) => (
          <Input
            {...control}
            name="slug"
            value={slug}
            maxLength={63}
            autoComplete="off"
            autoCapitalize="none"
            spellCheck={false}
            isMono
            required
            readOnly={isCreated}
            onChange={(event) => {
              setIsOwn(event.target.value !== '')
              propose(event.target.value)
            }}
          />
        )}
      </Field>
    </div>
  )
}

function AddressHint({ slug, isFree, isCreated }: { slug: string; isFree: boolean; isCreated: boolean }) {
  if (isCreated) return 'Reserved for this app.'
  if (!slug) return 'Where others call it.'
  return (
    <span role="status" className="inline-flex items-center gap-1.5 wrap-anywhere">
      <span>/{slug}/</span>
      {isFree && (
        <span className="inline-flex items-center gap-1 text-success">
          <CircleCheck aria-hidden className="size-4" />
          free
        </span>
      )}
    </span>
  )
}
