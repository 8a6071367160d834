declare module '*.json' {
  const content: object;
  export default content;
}
