using System.Collections.Immutable;
using Orleans;
using OrleansBackup.Domain.Identity;
using OrleansBackup.Domain.Notices;

namespace OrleansBackup.Domain.Checks;

/// <summary>Something outside the service that a person has declared the cause of what failed meanwhile: force majeure, a third party, Microsoft as a whole.</summary>
/// <param name="Kind"><see cref="FaultKind.ForceMajeure"/>, <see cref="FaultKind.ThirdParty"/> or <see cref="FaultKind.MicrosoftIncident"/>.</param>
/// <param name="Until">Null: it goes on.</param>
/// <param name="Tenants">Whom it concerns; empty: everybody.</param>
/// <param name="Reference">Where more stands: a ticket, a status page.</param>
/// <param name="DeclaredBy">Who said so.</param>
/// <remarks>Source: terms, 16 (force majeure) and 10.2 (third parties). Never declared by the service itself.</remarks>
[GenerateSerializer, Immutable, Alias("incident")]
public sealed record Incident(
    [property: Id(0)] Guid Id,
    [property: Id(1)] FaultKind Kind,
    [property: Id(2)] BothLanguages What,
    [property: Id(3)] DateTimeOffset From,
    [property: Id(4)] DateTimeOffset? Until,
    [property: Id(5)] ImmutableArray<TenantId> Tenants,
    [property: Id(6)] string Reference,
    [property: Id(7)] string DeclaredBy,
    [property: Id(8)] DateTimeOffset DeclaredAt)
{
    public bool Covers(TenantId tenant, DateTimeOffset moment) =>
        (Tenants.IsEmpty || Tenants.Contains(tenant)) && moment >= From && (Until is not { } end || moment < end);

    /// <summary>What is wrong with it and in which part of it; null: nothing.</summary>
    public (string Field, string Problem)? Problem() =>
        Kind is not (FaultKind.ForceMajeure or FaultKind.ThirdParty or FaultKind.MicrosoftIncident) ? ("kind", "An incident is forceMajeure, thirdParty or microsoftIncident.")
        : string.IsNullOrWhiteSpace(What.Nl) || string.IsNullOrWhiteSpace(What.En) ? ("what", "Say what happened in Dutch and in English.")
        : Until <= From ? ("until", "It ends after it began.")
        : string.IsNullOrWhiteSpace(Reference) ? ("reference", "Say where more stands: a ticket, a status page.")
        : null;

    /// <summary>The incident that a failure is put down to: the narrowest that covers it, or null.</summary>
    public static Incident? Of(IEnumerable<Incident> incidents, TenantId tenant, DateTimeOffset moment) =>
        incidents.Where(incident => incident.Covers(tenant, moment)).OrderBy(incident => incident.Tenants.IsEmpty).ThenByDescending(incident => incident.From).ThenBy(incident => incident.Id).FirstOrDefault();
}
