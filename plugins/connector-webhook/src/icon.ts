/** The picture of the marketplace: one point reaches others. */
export const icon = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32">
  <rect width="32" height="32" rx="7" fill="#1f6f5c"/>
  <path d="M11 16L21 10M11 16L21 22" stroke="#ffffff" stroke-width="2"/>
  <g fill="#ffffff"><circle cx="10" cy="16" r="3.5"/><circle cx="22" cy="9.5" r="3"/><circle cx="22" cy="22.5" r="3"/></g>
</svg>`
