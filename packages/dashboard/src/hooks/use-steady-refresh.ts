import { useEffect } from 'react'
import { useRevalidator } from 'react-router-dom'

/** For what the feed does not tell: the page is read again every so often, while somebody looks. */
export function useSteadyRefresh(everyMs: number) {
  const { revalidate } = useRevalidator()

  useEffect(() => {
    let timer: ReturnType<typeof setTimeout>
    let isOver = false
    async function look() {
      if (document.visibilityState === 'visible') await revalidate()
      rest()
    }
    function rest() {
      if (!isOver) timer = setTimeout(look, everyMs)
    }
    rest()
    return () => {
      isOver = true
      clearTimeout(timer)
    }
  }, [everyMs, revalidate])
}
