using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Text;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans;
using Orleans.Runtime;
using OrleansBackup.Domain.Identity;
using OrleansBackup.Domain.Invoicing;
using OrleansBackup.Domain.Notices;
using OrleansBackup.Domain.Plans;
using OrleansBackup.Domain.Rehearsals;
using OrleansBackup.Domain.Schedule;
using OrleansBackup.GrainInterfaces;
using OrleansBackup.GrainInterfaces.Billing;
using OrleansBackup.GrainInterfaces.Rehearsals;
using OrleansBackup.GrainInterfaces.Resources;
using OrleansBackup.Grains.Tenants;

namespace OrleansBackup.Grains.Rehearsals;

/// <summary>The life of rehearsals: ordered or due, drawn, brought back, signed. How one is held stands in <c>RehearsalGrain.Holding.cs</c>.</summary>
internal sealed partial class RehearsalGrain(
    [PersistentState("rehearsal", StateStores.Default)] IPersistentState<RehearsalState> storage,
    IOptions<RehearsalOptions> options, TenantEnds ends, ContractCalendar calendar, IHostApplicationLifetime process, TimeProvider time, ILogger<RehearsalGrain> log)
    : Grain, IRehearsalGrain, IRemindable
{
    private const string Due = "due", Hold = "hold", Record = "record";
    private const int LargestMinimum = 100_000, Kept = 200, ContractsAtOnce = 50;

    private readonly StateKeeper<RehearsalState> _keeper = new(storage);
    private readonly CancellationTokenSource _leaving = CancellationTokenSource.CreateLinkedTokenSource(process.ApplicationStopping);
    private LongJob _holding = null!;

    private string Book => this.GetPrimaryKeyString();

    private bool IsEstate => Book == GrainKeys.Provider;

    private RehearsalState State => _keeper.State;

    private RehearsalListing? Open => State.Rehearsals is [{ Stage: not RehearsalStage.Done } going, ..] ? going : null;

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        await base.OnActivateAsync(cancellationToken);
        _holding = new(this, _leaving.Token) { Reminder = Hold, IsOpen = () => Open is not null, Attempt = HoldAsync, Failed = FailedAsync };
        _holding.GoOn(); // the process died under it
    }

    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        await _leaving.CancelAsync();
        await _holding.Going.WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        _leaving.Dispose();
        await base.OnDeactivateAsync(reason, cancellationToken);
    }

    public Task ReceiveReminder(string reminderName, TickStatus status) => reminderName == Due ? BeginDueAsync(CancellationToken.None) : _holding.TickAsync();

    public async Task<RehearsalListing> Begin(string who, string why, int? minimum, CancellationToken cancellation)
    {
        var (ordered, demand) = (Decision.Of(who, why, time.GetUtcNow()), await DemandAsync(cancellation));
        var least = minimum ?? demand.MinimumItems;
        if (least is < 1 or > LargestMinimum)
            throw new InvalidRequestException("minimum", $"A rehearsal draws from 1 to {LargestMinimum} items.");
        if (Open is { } going)
            return going;
        var name = IsEstate ? FreeName(demand) : Guid.CreateVersion7(time.GetUtcNow()).ToString("D");
        Guid? order = IsEstate ? null : (await GrainFactory.GetGrain<IWorkOrderBookGrain>(Book).Open(WorkKind.Rehearsal, name,
            new BothLanguages("Hersteltest op verzoek", "Restore test on request"), causeReference: null, cancellation)).Id;
        await BeginAsync(new(name, RehearsalStage.Inventory, ordered, least, null, 0, 0, 0, 0, 0, null, null, 0, order));
        return Open ?? State.Rehearsals[0];
    }

    public async Task BeginIfDue(CancellationToken cancellation)
    {
        if (!IsEstate)
            return;
        await this.RegisterOrUpdateReminder(Due, options.Value.LookEvery, options.Value.LookEvery);
        _holding.GoOn();
    }

    public Task<ImmutableArray<RehearsalListing>> List(CancellationToken cancellation) => Task.FromResult(State.Rehearsals);

    public Task<RehearsalListing> Get(string name, CancellationToken cancellation) => Task.FromResult(Find(name));

    public async Task<string> ReadRecord(string name, CancellationToken cancellation) => Find(name).Stage == RehearsalStage.Done
        ? string.Concat((await Page(name, Record).Read(cancellation)).Select(line => line + "\n"))
        : throw new NotFoundException($"The rehearsal {name} has not ended; its record is signed then.");

    public async IAsyncEnumerable<ReadOnlyMemory<byte>> ReadInventory(string name, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var rehearsal = Find(name);
        if (rehearsal.InventoryRoot is null)
            throw new NotFoundException($"The rehearsal {name} has not drawn yet.");
        for (var page = 0; page < rehearsal.InventoryPages; page++)
            yield return Encoding.UTF8.GetBytes(string.Concat((await Page(name, Number(page)).Read(cancellation)).Select(line => line + "\n")));
    }

    public async Task Abandon(CancellationToken cancellation)
    {
        await _leaving.CancelAsync();
        await _holding.Going.WaitAsync(cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        await this.ForgetReminderAsync(Hold);
        if (Open is { Stage: RehearsalStage.Reading } && State.Done.Length < State.Drawn.Length)
            await Trial(State.Done.Length).Abandon(cancellation);
        if (Open is { } going)
            await _keeper.ChangeAsync(state => state with { Rehearsals = state.Rehearsals.Remove(going), Drawn = [], Done = [] });
        DeactivateOnIdle();
    }

    private async Task BeginDueAsync(CancellationToken cancellation)
    {
        if (Open is not null || (await GrainFactory.Provider().ListTenants(cancellation)).IsEmpty)
            return;
        var demand = await DemandAsync(cancellation);
        if (demand.PerYear == 0 || State.Rehearsals.Any(one => one.Name == Period(demand)))
            return;
        await BeginAsync(new(Period(demand), RehearsalStage.Inventory, new PersonsDecision(Domain.Audit.AuditActs.Service, "due", time.GetUtcNow()), demand.MinimumItems, null, 0, 0, 0, 0, 0, null, null, 0, null));
    }

    private async Task BeginAsync(RehearsalListing rehearsal)
    {
        // The one before may still be forgetting its reminder: it would forget this one's, and this one would not be begun.
        await _holding.Going.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        await _keeper.ChangeAsync(state => state with { Rehearsals = [rehearsal, .. state.Rehearsals.Take(Kept - 1)], Drawn = [], Done = [], Unreached = [], Problem = null });
        await _holding.StartAsync();
    }

    /// <summary>What the contracts that are in force today promise, or this tenant's own.</summary>
    private async Task<RehearsalDemand> DemandAsync(CancellationToken cancellation)
    {
        ImmutableArray<TenantId> tenants = IsEstate ? [.. (await GrainFactory.Provider().ListTenants(cancellation)).Select(tenant => tenant.Tenant)] : [TenantId.Parse(Book)];
        var (today, terms) = (calendar.DayOf(time.GetUtcNow()), new List<RehearsalTerms>());
        foreach (var some in tenants.Chunk(ContractsAtOnce))
            terms.AddRange((await Task.WhenAll(some.Select(tenant => GrainFactory.Contract(tenant).GetTimeline(cancellation)))).Select(timeline => timeline?.PlanOn(today)?.Rehearsal).OfType<RehearsalTerms>());
        return RehearsalDemand.Of(terms, new(options.Value.PerYear, options.Value.MinimumItems));
    }

    private string Period(RehearsalDemand demand) => RehearsalSchedule.PeriodOf(calendar.DayOf(time.GetUtcNow()), demand.PerYear is 0 ? 4 : demand.PerYear);

    /// <summary>A second one in the same period is one that somebody ordered besides.</summary>
    private string FreeName(RehearsalDemand demand)
    {
        var (period, name) = (Period(demand), Period(demand));
        for (var number = 2; State.Rehearsals.Any(one => one.Name == name); number++)
            name = $"{period}-{number}";
        return name;
    }

    private RehearsalListing Find(string name) => State.Rehearsals.FirstOrDefault(one => one.Name == name)
        ?? throw new NotFoundException($"There is no rehearsal '{name}'.");

    private IRehearsalPageGrain Page(string name, string page) => GrainFactory.GetGrain<IRehearsalPageGrain>(GrainKeys.OfRehearsalPage(Book, name, page));

    private static string Number(int page) => page.ToString(System.Globalization.CultureInfo.InvariantCulture);

    [LoggerMessage(2801, LogLevel.Information, "Rehearsal {Name} of {Book}: {Same} items came back as they were, {Failed} did not")]
    private static partial void LogHeld(ILogger log, string book, string name, int same, int failed);

    [LoggerMessage(2802, LogLevel.Error, "Rehearsal {Name} of {Book} was interrupted by an error and goes on by itself")]
    private static partial void LogInterrupted(ILogger log, string book, string name, Exception exception);

    [LoggerMessage(2803, LogLevel.Warning, "Rehearsal of {Book}: {Resource} could not say what it holds, and is not drawn from")]
    private static partial void LogUnreached(ILogger log, string book, ResourceId resource, Exception exception);
}
