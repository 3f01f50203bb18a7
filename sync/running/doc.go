// Package running looks after workflows that run already. A running workflow (Procore: instance) copied its preset when
// it started, so somebody who has left keeps their place on it, and the contract waits.
//
// It finds those for whom a workflow waits though their preset has them no more (Look), invites their successors to the
// step (Plan, HandOver), and lets an integration answer what waits for itself (Inbox, Respond). An invitation only adds:
// nobody is taken off a workflow, no workflow is restarted or ended, and no preset is touched.
//
// Finding goes by the watch list: who was removed from which project and tool, and when. It keeps to the rules of
// writing presets: a pure and sorted plan with a digest, the workflow read again before each write, an intent on disk
// first, the answer compared, and no word in a report that did not happen.
package running
