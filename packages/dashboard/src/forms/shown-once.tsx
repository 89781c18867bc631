import type { Output } from '@rserve-proxy/contract/endpoint.ts'
import type { Api } from '@rserve-proxy/contract/endpoints.ts'
import { deploySnippet } from '../components/token-words.ts'
import { Button } from '../ui/button.tsx'
import { CodeBlock } from '../ui/code-block.tsx'
import { Dialog } from '../ui/dialog.tsx'

export type NewToken = Output<Api['POST /api/auth/tokens']>

/** Closes by its button alone: what is shown here is shown nowhere else. */
export const ShownOnce = ({ token: { name, token }, onClose }: { token: NewToken; onClose: () => void }) => (
  <Dialog
    title={`Copy ${name} now`}
    isBusy
    onClose={onClose}
    onSubmit={onClose}
    footer={
      <Button type="submit" look="primary">
        I have copied it
      </Button>
    }
  >
    <p className="text-ink-2">This is the only time it is shown. Keep it where your other secrets are.</p>
    <CodeBlock label="The token" code={token} />
    <p className="text-ink-2">In a folder with R code, this deploys it:</p>
    <CodeBlock label="A deploy with this token" code={deploySnippet(window.location.origin, token)} />
  </Dialog>
)
