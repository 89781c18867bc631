/** Pattern for (i)like: the text anywhere, none of its characters special. */
export const isLike = (text: string) => `%${text.replace(/[\\%_]/g, '\\$&')}%`
