/** For errors that are no news: false for one with this code, anything else is thrown. */
export function isNot(code: string): (error: NodeJS.ErrnoException) => false {
  return (error) => {
    if (error.code === code) return false;
    throw error;
  };
}
