using System.Collections.Immutable;
using System.Globalization;
using Microsoft.Extensions.Logging;
using Orleans;
using Orleans.Runtime;
using OrleansBackup.Domain.Calendar;
using OrleansBackup.Domain.Contracts;
using OrleansBackup.Domain.Identity;
using OrleansBackup.Domain.Invoicing;
using OrleansBackup.Domain.Notices;
using OrleansBackup.Domain.Plans;
using OrleansBackup.Domain.Schedule;
using OrleansBackup.GrainInterfaces;
using OrleansBackup.GrainInterfaces.Billing;
using OrleansBackup.GrainInterfaces.Contracts;
using OrleansBackup.GrainInterfaces.Notices;
using OrleansBackup.GrainInterfaces.Resources;
using OrleansBackup.Grains.Ledger;

namespace OrleansBackup.Grains.Contracts;

/// <summary>The life of one contract. What may happen is decided by <see cref="ContractDecisions"/>, what is due by <see cref="ContractDuties"/>; here it is written down and carried out.</summary>
internal sealed partial class ContractGrain(
    [PersistentState("contract", StateStores.Default)] IPersistentState<ContractState> storage,
    PlanCatalog plans, WorkingCalendar working, ContractCalendar calendar, ConsequenceReader consequences, Ledgers ledgers, TimeProvider time, ILogger<ContractGrain> log) : Grain, IContractGrain, IRemindable
{
    private const string Day = "day";
    private static readonly TimeSpan DayTick = TimeSpan.FromHours(1);

    private readonly StateKeeper<ContractState> _keeper = new(storage);
    private (ImmutableArray<string> Journal, Contract? Contract) _folded = ([], null);

    private TenantId Tenant => TenantId.Parse(this.GetPrimaryKeyString());

    private DateOnly Today => calendar.DayOf(time.GetUtcNow());

    /// <summary>Null: there is none.</summary>
    private Contract? Known
    {
        get
        {
            var journal = _keeper.State.Journal;
            if (_folded.Journal != journal)
                _folded = (journal, journal.IsEmpty ? null : Contract.Of(journal.Select(line => ContractJournal.Read(line).Event)));
            return _folded.Contract;
        }
    }

    private Contract Present => Known ?? throw new NotFoundException($"Tenant {Tenant} has no contract.");

    private INoticeBookGrain Notices => GrainFactory.NoticeBook(Tenant);

    public async Task<ContractRecord> Make(ContractOrder order, string who, CancellationToken cancellation)
    {
        if (Known is { Destroyed: null })
            throw new NotPossibleNowException("This tenant has a contract already; change its plan, or end it.");
        await GrainFactory.Tenant(Tenant).GetName(cancellation);
        var plan = PlanOf(order.Plan);
        var made = Allowed(() => ContractDecisions.Make(order.Start, PlanFile.Write(plan), order.Overrides, order.Prerequisites, order.Reference));
        var agreed = Contract.Of(made).Plans[0].Plan;
        if (!agreed.Storage.Countries.IsEmpty)
            await GrainFactory.Tenant(Tenant).ChangeStorage(agreed.Storage.Demand(), cancellation); // refused where the store lies elsewhere: then there is no contract
        await KeepAsync(cancellation, mustSucceed: true); // what is put aside is not looked at again
        await _keeper.ChangeAsync(state => state.Journal.IsEmpty ? state : state with { Former = state.Former.Add(state.Journal), Journal = [], Entered = 0 });
        await this.RegisterOrUpdateReminder(Day, DayTick, DayTick);
        await AddAsync(who, made);
        LogMade(log, Tenant, agreed.Id, order.Start);
        await AttendAsync(cancellation);
        return Record();
    }

    public Task<ContractRecord> Get(CancellationToken cancellation)
    {
        _ = Present;
        return Task.FromResult(Record());
    }

    public Task<ContractTimeline?> GetTimeline(CancellationToken cancellation) => Task.FromResult(Known?.Timeline(working));

    public Task<ContractRecord> KeepProcessingAgreement(DateOnly? signedOn, string? reference, string who, CancellationToken cancellation) =>
        signedOn is not null && string.IsNullOrWhiteSpace(reference)
            ? throw new InvalidRequestException("reference", "Say where the signed agreement is found.")
            : HappenAsync(who, _ => new ProcessingAgreementKept(signedOn, reference), cancellation);

    public Task<ContractRecord> PublishTerms(string version, DateOnly from, string document, string who, CancellationToken cancellation) =>
        HappenAsync(who, decisions => decisions.PublishTerms(version, from, document), cancellation);

    public async Task<ContractRecord> ReceiveNotice(DateOnly? on, string by, string reference, string who, CancellationToken cancellation)
    {
        await RequireAuthorityAsync(by, ContactAuthority.EndContract, cancellation);
        return await HappenAsync(who, decisions => decisions.ReceiveNotice(on ?? Today, by, reference), cancellation);
    }

    public async Task<ContractRecord> ProcessNotice(string who, CancellationToken cancellation)
    {
        var processed = Allowed(() => Decisions().ProcessNotice());
        var after = Present.With(processed);
        // The customer is told first: that he was not would be worse than that he is told twice.
        await TellAsync($"notice-processed/{processed.On:yyyy-MM-dd}/{after.Withdrawn.Length}", ContractTexts.NoticeProcessed(processed.On, processed.EndsOn, after.DestructionOn(working)!.Value), cancellation);
        return await HappenAsync(who, _ => processed, cancellation);
    }

    public async Task<ContractRecord> WithdrawNotice(string by, string reference, string who, CancellationToken cancellation)
    {
        await RequireAuthorityAsync(by, ContactAuthority.EndContract, cancellation);
        return await TellingAsync(who, decisions => decisions.WithdrawNotice(by, reference), $"notice-withdrawn/{Present.Withdrawn.Length}", _ => ContractTexts.NoticeWithdrawn(), cancellation);
    }

    public Task<ContractRecord> AgreeDeletion(DateOnly on, string reference, string who, CancellationToken cancellation) =>
        HappenAsync(who, decisions => decisions.AgreeDeletion(on, reference), cancellation);

    public Task<ContractRecord> ConfirmExport(string by, string reference, string who, CancellationToken cancellation) =>
        HappenAsync(who, decisions => decisions.ConfirmExport(by, reference), cancellation);

    public async Task<ContractRecord> RequestChange(ChangeKind change, string what, DateOnly? on, string by, string who, CancellationToken cancellation)
    {
        await RequireAuthorityAsync(by, ContactAuthority.ChangeScope, cancellation);
        return await HappenAsync(who, decisions => decisions.RequestChange(change, what, on ?? Today, by), cancellation);
    }

    public async Task<ContractRecord> CloseChange(int number, DateOnly? effective, string outcome, int? minutes, string who, CancellationToken cancellation)
    {
        if (minutes is < 1 or > WorkClosing.MostMinutes)
            throw new InvalidRequestException("minutes", $"Between 1 and {WorkClosing.MostMinutes} minutes; leave it out where there was no work.");
        var closed = Allowed(() => Decisions().CloseChange(number, effective, outcome));
        if (minutes is { } spent)
        {
            // The work first: what was done twice in the journal would be wrong, and both calls on the order can be repeated.
            var subject = string.Create(CultureInfo.InvariantCulture, $"contract/{_keeper.State.Former.Length}/changes/{number}");
            var order = await GrainFactory.WorkOrders(Tenant).Open(WorkKind.Change, subject, ContractTexts.ChangeWork(number), causeReference: null, cancellation);
            await GrainFactory.WorkOrders(Tenant).Close(order.Id, spent, delivered: effective is not null, cancellation);
        }
        return await HappenAsync(who, _ => closed, cancellation);
    }

    public Task<ContractRecord> WarnOfSuspension(string why, string who, CancellationToken cancellation) => TellingAsync(
        who, decisions => decisions.WarnOfSuspension(why), $"suspension-ahead/{Today:yyyy-MM-dd}", warned => ContractTexts.SuspensionAhead(warned.Earliest), cancellation);

    public Task<ContractRecord> CallOffSuspension(string why, string who, CancellationToken cancellation) =>
        TellingAsync(who, decisions => decisions.CallOffSuspension(why), $"suspension-called-off/{Today:yyyy-MM-dd}", _ => ContractTexts.SuspensionCalledOff(), cancellation);

    public Task<ContractRecord> DecideFreeze(DateOnly? frozenUntil, string why, string who, CancellationToken cancellation) =>
        HappenAsync(who, decisions => decisions.DecideFreeze(frozenUntil, why), cancellation);

    public Task<ContractRecord> LiftSuspension(string why, string who, CancellationToken cancellation) =>
        TellingAsync(who, decisions => decisions.LiftSuspension(why), $"suspension-lifted/{Today:yyyy-MM-dd}", _ => ContractTexts.SuspensionLifted(), cancellation);

    private ContractDecisions Decisions() => new(Present, working, Today);

    /// <summary>One thing that happened: written down, then carried out.</summary>
    private async Task<ContractRecord> HappenAsync(string who, Func<ContractDecisions, ContractEvent> decide, CancellationToken cancellation)
    {
        await AddAsync(who, Allowed(() => decide(Decisions())));
        await AttendAsync(cancellation);
        return Record();
    }

    private async Task<ContractRecord> TellingAsync<TEvent>(string who, Func<ContractDecisions, TEvent> decide, string key, Func<TEvent, BothLanguages> text, CancellationToken cancellation)
        where TEvent : ContractEvent
    {
        var happened = Allowed(() => decide(Decisions()));
        await TellAsync(key, text(happened), cancellation);
        return await HappenAsync(who, _ => happened, cancellation);
    }

    private async Task AddAsync(string who, params ImmutableArray<ContractEvent> events)
    {
        if (string.IsNullOrWhiteSpace(who))
            throw new InvalidRequestException("who", "Say who does this.");
        await _keeper.ChangeAsync(state => state with
        {
            Journal = [.. state.Journal, .. events.Select((one, at) => ContractJournal.Write(new JournalEntry(state.Journal.Length + at + 1, time.GetUtcNow(), who, one)))],
        });
        await KeepAsync(CancellationToken.None);
    }

    /// <summary>Hands a notice over once, however often this is repeated.</summary>
    private async Task TellAsync(string key, BothLanguages text, CancellationToken cancellation, NoticeKind kind = NoticeKind.ContractNews, DateOnly? happensOn = null)
    {
        var whole = $"contract/{_keeper.State.Former.Length}/{key}";
        await Notices.Raise(new NoticeMatter(kind, whole, text, [], happensOn is { } on ? calendar.At(on, TimeSpan.Zero) : null), cancellation);
    }

    private async Task RequireAuthorityAsync(string by, ContactAuthority authority, CancellationToken cancellation)
    {
        var contacts = await Notices.GetContacts(cancellation);
        if (!contacts.Any(contact => string.Equals(contact.Email, by, StringComparison.OrdinalIgnoreCase) && contact.Authority.Contains(authority)))
            throw new InvalidRequestException("by", $"'by' must be the e-mail address of a contact of this customer who may do that ({(authority == ContactAuthority.EndContract ? "endContract" : "changeScope")}). Name him among the contacts first.");
    }

    private ServicePlan PlanOf(string id) => plans.Find(id)
        ?? throw new InvalidRequestException("plan", $"No plan '{id}' is sold. There are: {string.Join(", ", plans.All.Select(plan => plan.Id))}.");

    private ContractRecord Record()
    {
        ImmutableArray<BothLanguages> problems = [.. ContractDuties.WaitingForAPerson(Present, Today, working).Select(ContractTexts.ForAPerson)];
        if (Present.Refused is { } refused)
            problems = problems.Insert(0, new($"De backups konden op {refused.On:yyyy-MM-dd} niet worden vernietigd: {refused.Why}", $"The backups could not be destroyed on {refused.On:yyyy-MM-dd}: {refused.Why}"));
        if (_keeper.State.Entered < _keeper.State.Journal.Length)
            problems = problems.Add(new("Wat het laatst gebeurde, staat nog niet naast de backups: de opslag was niet te bereiken. Elk uur wordt het opnieuw geprobeerd.",
                "What happened last is not written beside the backups yet: the store could not be reached. It is tried again each hour."));
        if (_keeper.State.Problem is { } problem)
            problems = problems.Insert(0, new($"Een stap van het contract lukte niet: {problem}", problem)); // an answer of something else, which knows one language
        return new ContractRecord(_keeper.State.Journal, Today, [.. problems.Select(one => one.En)]) { Waiting = problems };
    }

    private static T Allowed<T>(Func<T> decide)
    {
        try
        {
            return decide();
        }
        catch (ContractRefusedException refused)
        {
            throw refused.Field is { } field ? new InvalidRequestException(field, refused.Message) : new NotPossibleNowException(refused.Message);
        }
        catch (PlanProblemException wrong)
        {
            throw new InvalidRequestException("overrides", wrong.Message);
        }
    }

    [LoggerMessage(2841, LogLevel.Information, "A contract on plan {Plan} was made for tenant {Tenant}, from {Start}")]
    private static partial void LogMade(ILogger log, TenantId tenant, string plan, DateOnly start);
}
