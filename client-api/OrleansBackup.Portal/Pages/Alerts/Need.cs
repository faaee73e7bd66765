using OrleansBackup.Portal.Components;

namespace OrleansBackup.Portal.Pages.Alerts;

/// <summary>Something that a person has to do now.</summary>
/// <param name="What">In the reader's language.</param>
/// <param name="Why">More of it.</param>
/// <param name="IsServiceText">The why is in the service's own words.</param>
/// <param name="Act">What to do, as the name of a link.</param>
/// <param name="Address">Where to do it.</param>
public sealed record Need(StatusLevel Level, string What, string? Why, bool IsServiceText, string Act, string Address);
