package procore

import (
	"context"
	"errors"
	"iter"
)

// Client talks to one company in Procore. It is safe for use by many goroutines.
type Client struct{}

var errUnfinished = errors.New("the client is being written")

func none[T any]() iter.Seq2[T, error] {
	return func(yield func(T, error) bool) { var z T; yield(z, errUnfinished) }
}

func New(cfg Config) (*Client, error)                                      { return nil, errUnfinished }
func (c *Client) Projects(ctx context.Context) iter.Seq2[Project, error]   { return none[Project]() }
func (c *Client) Users(ctx context.Context) iter.Seq2[User, error]         { return none[User]() }
func (c *Client) InactiveUsers(ctx context.Context) iter.Seq2[User, error] { return none[User]() }
func (c *Client) Tools(ctx context.Context) ([]Tool, error)                { return nil, errUnfinished }
func (c *Client) Templates(ctx context.Context) iter.Seq2[Template, error] { return none[Template]() }
func (c *Client) Version(ctx context.Context, id VersionID) (TemplateVersion, error) {
	return TemplateVersion{}, errUnfinished
}
func (c *Client) Presets(ctx context.Context, scope AssigneeScope) iter.Seq2[PresetSummary, error] {
	return none[PresetSummary]()
}
func (c *Client) Preset(ctx context.Context, ref PresetRef) (Preset, error) {
	return Preset{}, errUnfinished
}
func (c *Client) UpdateAssignees(ctx context.Context, ref PresetRef, groups []GroupWrite) (AssigneesResult, error) {
	return AssigneesResult{}, errUnfinished
}
func (c *Client) PossibleAssignees(ctx context.Context, scope AssigneeScope) iter.Seq2[Login, error] {
	return none[Login]()
}
func (c *Client) Pause(ctx context.Context, attempt int, cause error) error { return errUnfinished }
func (c *Client) Calls() []CallCount                                        { return nil }
func (c *Client) Pacing() PacingStats                                       { return PacingStats{} }
func (c *Client) HourlyBudget() Budget                                      { return Budget{} }
