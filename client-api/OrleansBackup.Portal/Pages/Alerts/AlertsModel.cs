using System.Collections.Immutable;
using OrleansBackup.Domain.Checks;

namespace OrleansBackup.Portal.Pages.Alerts;

/// <summary>Everything that needs a person, and the incidents that failures are put down to.</summary>
/// <param name="Incidents">Newest first; the first few.</param>
public sealed record AlertsModel(ImmutableArray<Need> Needs, ImmutableArray<Incident> Incidents);
