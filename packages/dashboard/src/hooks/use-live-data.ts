import { useEffect } from 'react'
import { useNavigation, useRevalidator } from 'react-router-dom'

const quietMs = 5_000
const pendingMs = 2_000

/** The only timer: asks the loaders again, sooner while something changes by itself, never while hidden. */
export function useLiveData({ isPending }: { isPending: boolean }) {
  const { revalidate } = useRevalidator()
  const isIdle = useNavigation().state === 'idle'

  useEffect(() => {
    if (!isIdle) return
    let timer: ReturnType<typeof setTimeout>
    let isOver = false

    function rest() {
      clearTimeout(timer)
      if (!isOver) timer = setTimeout(look, isPending ? pendingMs : quietMs)
    }
    async function look() {
      if (document.visibilityState === 'visible') await revalidate()
      rest()
    }
    function onVisibility() {
      if (document.visibilityState === 'visible') look()
    }

    rest()
    document.addEventListener('visibilitychange', onVisibility)
    return () => {
      isOver = true
      clearTimeout(timer)
      document.removeEventListener('visibilitychange', onVisibility)
    }
  }, [isPending, isIdle, revalidate])
}
