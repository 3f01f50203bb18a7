// Package running looks after workflows that are already running. A running workflow (Procore: instance) copied its
// preset when it started, so somebody who has left keeps their place on it, and the contract waits.
//
// It finds the people for whom a workflow waits although their preset no longer has them (Look), invites their
// successors to the step (PlanHandover, HandOver), and lets an integration answer what is waiting for itself (Inbox,
// Respond). An invitation only adds: nobody is taken off a workflow, no workflow is restarted or ended, and no preset
// is touched.
//
// It looks for the people on the watch list: who was removed from which project and tool, and when. It follows the
// rules for writing presets: a pure, sorted plan with a digest; each workflow read again before each write; an intent
// on disk first; the answer compared; and nothing reported that did not happen.
package running
