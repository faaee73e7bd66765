using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using Orleans;
using Orleans.Runtime;
using OrleansBackup.Domain.Checks;
using OrleansBackup.GrainInterfaces;
using OrleansBackup.GrainInterfaces.Checks;
using OrleansBackup.GrainInterfaces.Resources;

namespace OrleansBackup.Grains.Checks;

/// <summary>Finds the working day whose check is due, begins it, and notices the ones that were not made. What a check shows is <see cref="DailyCheckGrain"/>.</summary>
internal sealed partial class CheckDiaryGrain(
    [PersistentState("check-diary", StateStores.Default)] IPersistentState<CheckDiaryState> storage, CheckServices services, TimeProvider time, ILogger<CheckDiaryGrain> log) : Grain, ICheckDiaryGrain, IRemindable
{
    private const string Look = "look";
    private const int MostIncidents = 1_000;
    private static readonly TimeSpan LookPeriod = TimeSpan.FromMinutes(10);

    private readonly StateKeeper<CheckDiaryState> _keeper = new(storage);

    private CheckDiaryState State => _keeper.State;

    public async Task Attend(CancellationToken cancellation)
    {
        if (await this.GetReminder(Look) is null)
            await this.RegisterOrUpdateReminder(Look, LookPeriod, LookPeriod);
        var now = time.GetUtcNow();
        var today = services.Calendar.DayOf(now);
        if (!services.WorkingDays.IsWorkingDay(today) || (await GrainFactory.Provider().ListTenants(cancellation)).IsEmpty)
            return;
        if (State.Days.IsEmpty || State.Days[0] < today)
        {
            var notMade = DailyCheckRules.NotMade(State.Days.IsEmpty ? null : State.Days[0], today, services.WorkingDays.IsWorkingDay);
            foreach (var missed in notMade)
                LogNotMade(log, missed.Day);
            // Written before the check begins: one that is in the diary and empty is looked at, one that is not is never found.
            foreach (var old in State.Days.Skip(services.Options.Kept - 1))
                await GrainFactory.DailyCheck(old).Forget(cancellation);
            await _keeper.ChangeAsync(state => state with { Days = [today, .. state.Days.Take(services.Options.Kept - 1)], NotMade = notMade });
        }
        await GrainFactory.DailyCheck(today).Attend(new CheckOrder(State.Days.Length > 1 ? State.Days[1] : null, State.NotMade, State.Incidents), cancellation);
    }

    public Task ReceiveReminder(string reminderName, TickStatus status) => Attend(CancellationToken.None);

    public Task<ImmutableArray<DateOnly>> ListDays(DateOnly? before, int limit, CancellationToken cancellation) =>
        Task.FromResult<ImmutableArray<DateOnly>>([.. State.Days.Where(day => before is not { } end || day < end).Take(limit)]);

    public Task<ImmutableArray<Incident>> ListIncidents(CancellationToken cancellation) => Task.FromResult(State.Incidents);

    public async Task<Incident> DeclareIncident(IncidentDeclaration declaration, string who, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        var incident = new Incident(Guid.CreateVersion7(now), declaration.Kind, declaration.What, declaration.From, declaration.Until, declaration.Tenants, declaration.Reference, who, now);
        if (string.IsNullOrWhiteSpace(who))
            throw new InvalidRequestException("who", "Say who declares this.");
        if (incident.Problem() is { } wrong)
            throw new InvalidRequestException(wrong.Field, wrong.Problem);
        if (State.Incidents.Length >= MostIncidents)
            throw new InvalidRequestException("kind", $"There are {MostIncidents} incidents already.");
        await _keeper.ChangeAsync(state => state with { Incidents = state.Incidents.Insert(0, incident) });
        LogDeclared(log, incident.Id, incident.Kind);
        return incident;
    }

    public Task<Incident> EndIncident(Guid incident, DateTimeOffset until, string who, CancellationToken cancellation) => ChangeAsync(incident, known => known with { Until = until });

    public Task<Incident> ChangeIncident(Guid incident, IncidentDeclaration declaration, string who, CancellationToken cancellation) => ChangeAsync(incident, known => known with
    {
        Kind = declaration.Kind, What = declaration.What, From = declaration.From, Until = declaration.Until, Tenants = declaration.Tenants, Reference = declaration.Reference,
    });

    private async Task<Incident> ChangeAsync(Guid incident, Func<Incident, Incident> change)
    {
        var known = State.Incidents.FirstOrDefault(one => one.Id == incident) ?? throw new NotFoundException($"There is no incident {incident:D}.");
        var changed = change(known);
        if (changed.Problem() is { } wrong)
            throw new InvalidRequestException(wrong.Field, wrong.Problem);
        await _keeper.ChangeAsync(state => state with { Incidents = state.Incidents.Replace(state.Incidents.First(one => one.Id == incident), changed) });
        return changed;
    }

    [LoggerMessage(2826, LogLevel.Error, "No check was made on the working day {Day}: the next one looks back further")]
    private static partial void LogNotMade(ILogger log, DateOnly day);

    [LoggerMessage(2827, LogLevel.Information, "Incident {Incident} of kind {Kind} was declared")]
    private static partial void LogDeclared(ILogger log, Guid incident, FaultKind kind);
}

/// <summary>Days of checks and incidents. Additive: a field, once written, keeps its meaning.</summary>
[GenerateSerializer, Immutable, Alias("check-diary-state")]
internal sealed record CheckDiaryState : StoredState
{
    /// <summary>Newest first.</summary>
    [Id(0)] public ImmutableArray<DateOnly> Days { get; init; } = [];

    /// <summary>Working days without a check before the newest.</summary>
    [Id(1)] public ImmutableArray<MissedCheck> NotMade { get; init; } = [];

    /// <summary>Newest first.</summary>
    [Id(2)] public ImmutableArray<Incident> Incidents { get; init; } = [];
}
