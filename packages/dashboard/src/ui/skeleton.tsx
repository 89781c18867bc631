/** The shape of a page whose data is on its way; a fast answer is never announced by it. */
export const Skeleton = () => (
  <div aria-hidden className="animate-appear-late mx-auto max-w-295 space-y-4 px-3 py-6 sm:px-8">
    <div className="h-7 w-48 rounded-md bg-sunken" />
    <div className="h-4 w-72 max-w-full rounded-md bg-sunken" />
    {['one', 'two', 'three', 'four'].map((row) => (
      <div key={row} className="h-14 rounded-lg bg-sunken" />
    ))}
  </div>
)
