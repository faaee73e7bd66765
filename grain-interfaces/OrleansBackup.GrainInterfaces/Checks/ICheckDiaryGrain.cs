using System.Collections.Immutable;
using Orleans;
using Orleans.Concurrency;
using OrleansBackup.Domain.Checks;
using OrleansBackup.Domain.Identity;
using OrleansBackup.Domain.Notices;

namespace OrleansBackup.GrainInterfaces.Checks;

/// <summary>Which checks there were, which one is due, and the incidents that failures are put down to.</summary>
/// <remarks>Key: <see cref="GrainKeys.CheckDiary"/>.</remarks>
[Alias("check-diary")]
public interface ICheckDiaryGrain : IGrainWithStringKey
{
    /// <summary>Begins the check of today if it is a Dutch working day, or goes on with it. A tick is a hint and can be lost; the state says what is due. Safe to repeat.</summary>
    [Alias("attend")]
    Task Attend(CancellationToken cancellation);

    /// <summary>Days of checks, newest first.</summary>
    /// <param name="before">Only earlier ones; null: from the newest.</param>
    [AlwaysInterleave, Alias("list-days")]
    Task<ImmutableArray<DateOnly>> ListDays(DateOnly? before, int limit, CancellationToken cancellation);

    /// <summary>Incidents, newest first.</summary>
    [AlwaysInterleave, Alias("list-incidents")]
    Task<ImmutableArray<Incident>> ListIncidents(CancellationToken cancellation);

    /// <exception cref="InvalidRequestException">It makes no sense, or there are too many.</exception>
    [Alias("declare-incident")]
    Task<Incident> DeclareIncident(IncidentDeclaration declaration, string who, CancellationToken cancellation);

    /// <exception cref="NotFoundException">There is no such incident.</exception>
    /// <exception cref="InvalidRequestException">It would end before it began.</exception>
    [Alias("end-incident")]
    Task<Incident> EndIncident(Guid incident, DateTimeOffset until, string who, CancellationToken cancellation);

    /// <summary>More is known of an incident than when it was declared. Who declared it and when stays.</summary>
    /// <exception cref="NotFoundException">There is no such incident.</exception>
    /// <exception cref="InvalidRequestException">It would make no sense.</exception>
    [Alias("change-incident")]
    Task<Incident> ChangeIncident(Guid incident, IncidentDeclaration declaration, string who, CancellationToken cancellation);
}

/// <summary>As <see cref="Incident"/>, before it has an id.</summary>
[GenerateSerializer, Immutable, Alias("incident-declaration")]
public sealed record IncidentDeclaration(
    [property: Id(0)] FaultKind Kind,
    [property: Id(1)] BothLanguages What,
    [property: Id(2)] DateTimeOffset From,
    [property: Id(3)] DateTimeOffset? Until,
    [property: Id(4)] ImmutableArray<TenantId> Tenants,
    [property: Id(5)] string Reference);
