// Locks of the browser (Web Locks), which all tabs of this site share.

/**
 * Take a lock; answers what gives it back, or nothing where it could not be had. `lost` is called
 * when another tab takes it away.
 * @param {string} name
 * @param {LockOptions} options
 * @returns {Promise<(() => void) | undefined>}
 */
export function hold(name, options, lost = () => {}) {
  return new Promise((held) => {
    navigator.locks
      .request(name, options, (lock) => {
        if (!lock) return held(undefined);
        return new Promise((release) => held(() => release(undefined)));
      })
      .catch(() => {
        held(undefined);
        lost();
      });
  });
}
