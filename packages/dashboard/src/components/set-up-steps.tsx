const steps = ['Account', 'Checks', 'First app'] as const

/** Where one is between the link of the log and the first app. */
export const SetUpSteps = ({ now }: { now: (typeof steps)[number] }) => (
  <ol aria-label="Set-up" className="mb-4 flex gap-4 text-sm text-ink-2">
    {steps.map((step, index) => (
      <li
        key={step}
        aria-current={step === now ? 'step' : undefined}
        className="aria-[current=step]:font-semibold aria-[current=step]:text-ink"
      >
        {index + 1} {step}
      </li>
    ))}
  </ol>
)
