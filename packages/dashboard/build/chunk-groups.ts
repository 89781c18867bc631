/**
 * Left alone, the bundler makes a file of every module that two pages share: 25 requests for the list of apps.
 * What signing in needs comes first, then what every page behind it needs; the rest is loaded where it is used.
 */
export const chunkGroups = [
  { name: 'vendor', test: /node_modules\/(react|react-dom|react-router|react-router-dom|scheduler)\//, priority: 3 },
  {
    name: 'basics',
    test: /vite\/preload-helper|lucide-react\/dist\/esm\/icons\/square-terminal|src\/(api|paths|live-loader|ui\/(button|tooltip|place|spinner|skeleton|input|field|error-summary)|components\/error-words)\.tsx?$/,
    priority: 2,
  },
  {
    name: 'signed-in',
    test: /src\/(layouts\/(shell|sidebar|user-menu)|pages\/errors\/|hooks\/use-(live-data|theme|route)|ui\/(?!log-|windowed|use-found|copy-log|stepper|dialog|confirm|file|tag|choice|progress|definition|code)|components\/(?!failure|crash|release|result|call|setting|token|audit|browser|deployment-list))/,
    priority: 1,
  },
]
