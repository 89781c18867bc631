import { vi } from 'vitest'

/** What jsdom lacks of the platform: popovers, modal dialogs, and one kind of request. */
export function installPlatform() {
  installStyles()
  installPopover()
  installDialog()
  installRequest()
  installBlob()
}

/** As a wide browser shows it: open popovers are there, and what is for phones is not; rows have a height. */
function installStyles() {
  const style = document.createElement('style')
  style.textContent = '.sm\\:hidden { display: none } [popover][data-open] { display: block }'
  document.head.replaceChildren(style)
  Object.defineProperty(HTMLTableRowElement.prototype, 'offsetHeight', { configurable: true, value: 57 })
}

function toggle(element: HTMLElement, open: boolean) {
  if (element.hasAttribute('data-open') === open) return
  element.toggleAttribute('data-open', open)
  const event = Object.assign(new Event('toggle'), { newState: open ? 'open' : 'closed' })
  element.dispatchEvent(event)
}

let hasPopover = false
function installPopover() {
  if (hasPopover) return
  hasPopover = true
  HTMLElement.prototype.showPopover = function () {
    toggle(this, true)
  }
  HTMLElement.prototype.hidePopover = function () {
    toggle(this, false)
  }
  document.addEventListener('click', (event) => {
    const invoker = event.target instanceof Element ? event.target.closest('[popovertarget]') : null
    const popover = invoker && document.getElementById(invoker.getAttribute('popovertarget') ?? '')
    if (popover) toggle(popover, !popover.hasAttribute('data-open'))
  })
}

function installDialog() {
  HTMLDialogElement.prototype.showModal = function () {
    this.open = true
  }
  HTMLDialogElement.prototype.close = function () {
    this.open = false
  }
}

/** The router hands jsdom's signals and forms to Node's Request, which knows only its own. */
function installRequest() {
  const NodeRequest = globalThis.Request
  vi.stubGlobal(
    'Request',
    class extends NodeRequest {
      constructor(input: RequestInfo | URL, init: RequestInit = {}) {
        const { signal: _, body, ...rest } = init
        super(input, { ...rest, ...(body != null && { body: body instanceof URLSearchParams ? `${body}` : body }) })
        if (body instanceof URLSearchParams) this.headers.set('content-type', 'application/x-www-form-urlencoded')
      }
    },
  )
}

function installBlob() {
  Blob.prototype.arrayBuffer ??= function () {
    const { promise, resolve } = Promise.withResolvers<ArrayBuffer>()
    const reader = new FileReader()
    reader.onload = () => reader.result instanceof ArrayBuffer && resolve(reader.result)
    reader.readAsArrayBuffer(this)
    return promise
  }
}
