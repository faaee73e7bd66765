using System.Collections.Immutable;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans;
using Orleans.Runtime;
using OrleansBackup.Domain.Identity;
using OrleansBackup.Domain.Notices;
using OrleansBackup.GrainInterfaces;
using OrleansBackup.GrainInterfaces.Notices;
using OrleansBackup.GrainInterfaces.Resources;
using OrleansBackup.Grains.Composition;
using OrleansBackup.Grains.Subscriptions;

namespace OrleansBackup.Grains.Notices;

/// <summary>The life of a tenant's notices: raised once, gathered, sent, tried again, kept. How they are sent stands in <c>NoticeBookGrain.Sending.cs</c>.</summary>
internal sealed partial class NoticeBookGrain(
    [PersistentState("notice-book", StateStores.Default)] IPersistentState<NoticeBookState> storage,
    NoticeSending sending, IHostApplicationLifetime process, TimeProvider time, ILogger<NoticeBookGrain> log) : Grain, INoticeBookGrain, IRemindable
{
    private const int LargestPage = 1_000, LongestKey = 300;

    private readonly StateKeeper<NoticeBookState> _keeper = new(storage);
    private readonly CancellationTokenSource _leaving = CancellationTokenSource.CreateLinkedTokenSource(process.ApplicationStopping);
    private LongJob _delivery = null!;

    private TenantId Tenant => TenantId.Parse(this.GetPrimaryKeyString());

    private NoticeBookState State => _keeper.State;

    private DateTimeOffset Now => time.GetUtcNow();

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        await base.OnActivateAsync(cancellationToken);
        _delivery = DeliveryJob();
        _delivery.GoOn(); // the process died under it
    }

    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        await _leaving.CancelAsync();
        await _delivery.Going.WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        _leaving.Dispose();
        await base.OnDeactivateAsync(reason, cancellationToken);
    }

    public Task ReceiveReminder(string reminderName, TickStatus status) => _delivery.TickAsync();

    public Task Attend(CancellationToken cancellation) => State.Notices.Any(record => record.IsOpen) ? _delivery.StartAsync() : Task.CompletedTask;

    public Task<ImmutableArray<Contact>> GetContacts(CancellationToken cancellation) => Task.FromResult(State.Contacts);

    public async Task<ImmutableArray<Contact>> SetContacts(ImmutableArray<Contact> contacts, CancellationToken cancellation)
    {
        if (contacts.Length > sending.Options.MostContacts)
            throw new InvalidRequestException("contacts", $"A tenant has at most {sending.Options.MostContacts} contacts.");
        for (var at = 0; at < contacts.Length; at++)
            if (contacts[at].Problem() is { } wrong)
                throw new InvalidRequestException($"contacts[{at}].{wrong.Field}", wrong.Problem);
        if (contacts.DistinctBy(contact => contact.Email, StringComparer.OrdinalIgnoreCase).Count() != contacts.Length)
            throw new InvalidRequestException("contacts", "Two contacts have the same e-mail address.");
        await WriteAsync(state => state with { Contacts = contacts, Notices = [.. state.Notices.Select(record => record.HasNobody ? record with { Planned = false } : record)] });
        await KeepAsync(cancellation);
        return State.Contacts;
    }

    public Task<NoticeAddresses?> GetAddresses(CancellationToken cancellation) => Task.FromResult(State.Contacts.IsEmpty && State.Webhooks.IsEmpty ? null
        : new NoticeAddresses(State.Contacts, [.. State.Webhooks.Select(webhook => new WebhookAddress(webhook.Id, webhook.Settings, webhook.WrappedSecret, webhook.CreatedAt))]));

    public async Task Recover(NoticeAddresses addresses, CancellationToken cancellation)
    {
        if (State.Contacts.IsEmpty && State.Webhooks.IsEmpty)
            await WriteAsync(state => state with
            {
                Contacts = addresses.Contacts, Webhooks = [.. addresses.Webhooks.Select(webhook => new WebhookRecord(webhook.Id, webhook.Settings, webhook.WrappedSecret, webhook.CreatedAt))],
            });
    }

    public Task TellUnprotected(ImmutableArray<NoticeResource> found, CancellationToken cancellation) => WriteAsync(state =>
    {
        var told = state.Notices.Where(record => record.Notice.Kind == NoticeKind.FoundUnprotected)
            .SelectMany(record => record.Notice.Resources.Select(resource => resource.LocalName).Concat(record.Notice.Further)).ToHashSet(StringComparer.Ordinal);
        var fresh = found.Where(resource => told.Add(resource.LocalName)).ToList();
        if (fresh.Count == 0)
            return state;
        var now = Now;
        var waiting = state.Notices.FirstOrDefault(record => record is { Planned: false, Notice.Kind: NoticeKind.FoundUnprotected } && sending.Schedule.MayJoin(record.Notice, now));
        if (waiting is not null)
            return state with { Notices = state.Notices.Replace(waiting, waiting with { Notice = waiting.Notice.With(fresh) }) };
        var id = Guid.CreateVersion7(now);
        var notice = new Notice(id, NoticeKind.FoundUnprotected, $"unprotected/{id:D}", now, sending.Schedule.DueAt(now, sending.Options.Gather), Matter: null);
        return Added(state, notice.With(fresh));
    });

    public async Task Raise(NoticeMatter matter, CancellationToken cancellation)
    {
        if (matter.Kind is not (NoticeKind.CriticalFault or NoticeKind.ConsequenceAhead or NoticeKind.ContractNews or NoticeKind.RestoreEnded or NoticeKind.ReportReady))
            throw new InvalidRequestException("kind", "Only critical faults, consequences that lie ahead, news of the contract, ends of restores and reports are raised.");
        if (string.IsNullOrWhiteSpace(matter.Key) || matter.Key.Length > LongestKey)
            throw new InvalidRequestException("key", $"A matter has a key of at most {LongestKey} characters.");
        if (string.IsNullOrWhiteSpace(matter.What.Nl) || string.IsNullOrWhiteSpace(matter.What.En))
            throw new InvalidRequestException("what", "Say what the matter is in Dutch and in English.");
        if (State.Standing.ContainsKey(matter.Key))
            return;
        // Before it is kept: whoever raises it does so again after a crash, and the event is then told again.
        if (NoticeEvents.Began(Tenant, matter, Now) is { } began)
            await GrainFactory.PublishAsync(began, cancellation);
        await WriteAsync(state => state.Standing.ContainsKey(matter.Key) ? state : Raised(state, matter, Now));
    }

    public async Task End(string key, CancellationToken cancellation)
    {
        if (!State.Standing.TryGetValue(key, out var standing))
            return;
        if (NoticeEvents.Ended(Tenant, State.Notices.FirstOrDefault(record => record.Notice.Id == standing)?.Notice, Now) is { } over)
            await GrainFactory.PublishAsync(over, cancellation);
        await WriteAsync(state =>
        {
            if (!state.Standing.TryGetValue(key, out var id))
                return state;
            var ended = state with { Standing = state.Standing.Remove(key) };
            return state.Notices.FirstOrDefault(record => record.Notice.Id == id)?.Notice is not { Kind: NoticeKind.CriticalFault } fault ? ended
                : Added(ended, new Notice(Guid.CreateVersion7(Now), NoticeKind.FaultEnded, key, Now, Now, fault.Matter) { Resources = fault.Resources, Further = fault.Further, Ends = fault.Id });
        });
    }

    public Task<NoticeStanding> GetStanding(CancellationToken cancellation)
    {
        var states = State.Notices.Select(record => NoticeStates.Of(record.Notice, record.Deliveries, Now)).ToList();
        return Task.FromResult(new NoticeStanding(
            states.Count(state => state == NoticeState.NobodyToTell), states.Count(state => state.NeedsAPerson() && state != NoticeState.NobodyToTell)));
    }

    public async Task<NoticePage> ListNotices(Guid? after, int limit, CancellationToken cancellation)
    {
        if (limit is < 1 or > LargestPage)
            throw new InvalidRequestException("limit", $"Ask for between 1 and {LargestPage} notices at once.");
        var from = 0;
        if (after is { } last && (from = IndexOf(State, last) + 1) == 0)
            throw new InvalidRequestException("after", "No notice of this tenant has this id; start the list again without it.");
        var name = await GrainFactory.Tenant(Tenant).GetName(cancellation);
        ImmutableArray<NoticeListing> page = [.. State.Notices.Skip(from).Take(limit).Select(record => ListingOf(record, name))];
        return new NoticePage(page, from + page.Length < State.Notices.Length && page.Length > 0 ? page[^1].Notice.Id : null);
    }

    public async Task<NoticeListing> Resend(Guid notice, CancellationToken cancellation)
    {
        if (IndexOf(State, notice) < 0)
            throw new NotFoundException($"Tenant {Tenant} has no notice {notice:D}.");
        await WriteAsync(state =>
        {
            var record = state.Notices[IndexOf(state, notice)];
            var due = record.Notice with { DueAt = Now < record.Notice.DueAt ? Now : record.Notice.DueAt };
            return state with { Notices = state.Notices.Replace(record, record with { Notice = due, Deliveries = [.. record.Deliveries.Select(delivery => delivery.Again(Now))], Planned = false }) };
        });
        LogResent(log, Tenant, notice);
        return ListingOf(State.Notices[IndexOf(State, notice)], await GrainFactory.Tenant(Tenant).GetName(cancellation));
    }

    public async Task Forget(CancellationToken cancellation)
    {
        await this.ForgetReminderAsync(Deliver);
        if (_keeper.Exists)
            await _keeper.ClearAsync();
    }

    private static NoticeBookState Raised(NoticeBookState state, NoticeMatter matter, DateTimeOffset now)
    {
        var notice = new Notice(Guid.CreateVersion7(now), matter.Kind, matter.Key, now, now, matter.What) { HappensAt = matter.HappensAt, AlsoTo = matter.AlsoTo }.With(matter.Resources);
        return Added(state, notice) with { Standing = state.Standing.SetItem(matter.Key, notice.Id) };
    }

    private static NoticeBookState Added(NoticeBookState state, Notice notice) => state with { Notices = state.Notices.Insert(0, new NoticeRecord(notice, [], Planned: false)) };

    private static int IndexOf(NoticeBookState state, Guid notice)
    {
        for (var at = 0; at < state.Notices.Length; at++)
            if (state.Notices[at].Notice.Id == notice)
                return at;
        return -1;
    }

    private NoticeListing ListingOf(NoticeRecord record, string customer) => new(
        record.Notice, NoticeStates.Of(record.Notice, record.Deliveries, Now), record.Deliveries,
        NoticeText.Of(record.Notice, NoticeLanguage.Nl, customer, sending.Calendar), NoticeText.Of(record.Notice, NoticeLanguage.En, customer, sending.Calendar));

    /// <summary>Whom a customer named must outlive this database: it goes into the tenant's card.</summary>
    private async Task KeepAsync(CancellationToken cancellation) => await GrainFactory.Tenant(Tenant).KeepCard(cancellation);

    /// <summary>The reminder first: what is written is then never without somebody who looks after it.</summary>
    private async Task WriteAsync(Func<NoticeBookState, NoticeBookState> change)
    {
        await _delivery.StartAsync();
        if (!ReferenceEquals(change(State), State))
            await _keeper.ChangeAsync(state => Bounded(change(state)));
        _delivery.GoOn();
    }

    /// <summary>Lets go of the oldest notices beyond the bound that need nothing any more and about which nothing stands.</summary>
    private NoticeBookState Bounded(NoticeBookState state)
    {
        if (state.Notices.Length <= sending.Options.Kept)
            return state;
        var standing = state.Standing.Values.ToHashSet();
        return state with
        {
            Notices = [.. state.Notices.Where((record, at) => at < sending.Options.Kept || record.IsOpen || standing.Contains(record.Notice.Id)
                || (record.HasNobody && at < 2 * sending.Options.Kept))],
        };
    }

    [LoggerMessage(2703, LogLevel.Information, "Notice {Notice} of tenant {Tenant} is sent again at a person's word")]
    private static partial void LogResent(ILogger log, TenantId tenant, Guid notice);
}
