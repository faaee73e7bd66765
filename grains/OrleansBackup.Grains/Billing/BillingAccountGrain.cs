using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans;
using Orleans.Runtime;
using OrleansBackup.Domain.Calendar;
using OrleansBackup.Domain.Contracts;
using OrleansBackup.Domain.Identity;
using OrleansBackup.Domain.Invoicing;
using OrleansBackup.Domain.Metering;
using OrleansBackup.Domain.Schedule;
using OrleansBackup.GrainInterfaces;
using OrleansBackup.GrainInterfaces.Billing;
using OrleansBackup.Grains.Ledger;

namespace OrleansBackup.Grains.Billing;

/// <summary>The life of a tenant's billing: told its usage, closes each month, corrects. How a document is issued stands in <c>BillingAccountGrain.Issuing.cs</c>.</summary>
internal sealed partial class BillingAccountGrain(
    [PersistentState("billing-account", StateStores.Default)] IPersistentState<BillingAccountState> storage,
    IContractTimelines contracts, Ledgers ledgers, ContractCalendar calendar, IOptions<BillingOptions> options, TimeProvider time, ILogger<BillingAccountGrain> log) : Grain, IBillingAccountGrain, IRemindable
{
    private const string Close = "close-month";
    internal const int MonthsLookedBack = 14;
    private const int DefaultCapMonths = 3, MostCaughtUp = 120;
    private static readonly TimeSpan Period = TimeSpan.FromHours(1);

    private readonly StateKeeper<BillingAccountState> _keeper = new(storage);

    private TenantId Tenant => TenantId.Parse(this.GetPrimaryKeyString());

    private BillingAccountState State => _keeper.State;

    private DateOnly Today => calendar.DayOf(time.GetUtcNow());

    public async Task TellUsage(DateTimeOffset at, ImmutableArray<MeteredAccount> seen, CancellationToken cancellation)
    {
        var day = calendar.DayOf(at);
        var month = CalendarMonth.Of(day);
        if (State.Months.IsEmpty)
            await this.RegisterOrUpdateReminder(Close, Period, Period);
        await GrainFactory.Billing(Tenant, month).TakeUsage(day, seen, cancellation);
        if (!State.Months.Contains(month))
            await _keeper.ChangeAsync(state => state.Months.Contains(month) ? state : state with { Months = [.. state.Months.Add(month).Order()] });
    }

    public Task<BillingProfile?> GetProfile(CancellationToken cancellation) => Task.FromResult(State.Profile);

    public async Task SetProfile(BillingProfile profile, CancellationToken cancellation)
    {
        if (profile.Problem() is var (field, problem))
            throw new InvalidRequestException(field, problem);
        await this.RegisterOrUpdateReminder(Close, Period, Period);
        await _keeper.ChangeAsync(state => state with { Profile = profile, Problem = null });
        await KeepAsync(cancellation);
    }

    public async Task ReceiveReminder(string reminderName, TickStatus status)
    {
        try
        {
            await BillWhatIsDue(CancellationToken.None);
            await RemindAsync();
        }
        catch (ServiceException exception)
        {
            LogNotBilled(log, Tenant, exception); // the next tick goes on where this one stopped
        }
    }

    public async Task<BillingStanding> BillWhatIsDue(CancellationToken cancellation)
    {
        if (State.Pending is not null)
            await IssueAsync(cancellation);
        var contract = await contracts.OfAsync(Tenant, cancellation);
        if (contract is not null)
        {
            var month = State.ClosedUntil?.Next ?? CalendarMonth.Of(contract.Start);
            for (var runs = 0; calendar.At(month.First, TimeSpan.Zero) + options.Value.CloseAfter <= time.GetUtcNow() && runs < MostCaughtUp; month = month.Next, runs++)
                if (!await RunAsync(month, contract, cancellation))
                    break;
        }

        await ForgetNamesAsync(contract, cancellation);
        await KeepAsync(cancellation);
        return await GetStanding(cancellation);
    }

    public async Task End(CancellationToken cancellation)
    {
        if (!State.Months.IsEmpty)
            await _keeper.ChangeAsync(state => state with { Ending = state.Months });
        await BillWhatIsDue(cancellation);
    }

    /// <summary>The law keeps the documents; the names go as soon as no invoice needs them any more.</summary>
    private async Task ForgetNamesAsync(ContractTimeline? contract, CancellationToken cancellation)
    {
        // Where nobody is to be invoiced, no invoice is waited for.
        var isInvoiced = contract is not null && State.Profile is not null && options.Value.Provider is not null;
        if (State.Ending.IsEmpty || State.Pending is not null || (isInvoiced && contract!.End is { } end && !(State.ClosedUntil?.First > end)))
            return;
        foreach (var month in State.Ending)
            await GrainFactory.Billing(Tenant, month).ForgetNames(cancellation);
        await GrainFactory.WorkOrders(Tenant).Forget(cancellation);
        await _keeper.ChangeAsync(state => state with { Ending = [] });
    }

    public async Task<BillingStanding> GetStanding(CancellationToken cancellation)
    {
        var contract = await contracts.OfAsync(Tenant, cancellation);
        return new(State.ClosedUntil, State.Invoices, State.Charged, State.Held, contract is null ? [] : Credits.Proposal(contract, State.Charged), contract is null ? "There is no contract." : State.Problem);
    }

    public async Task<IssuedDocument> Credit(string invoice, ImmutableArray<CreditPart> parts, string reason, string by, CancellationToken cancellation)
    {
        if (string.IsNullOrWhiteSpace(reason) || reason.Length > 300 || reason.Any(char.IsControl))
            throw new InvalidRequestException("reason", "Why it is taken back, for the customer reads it, in one line of at most 300 characters.");
        if (State.Pending is not null)
            await IssueAsync(cancellation);
        var credited = InvoiceFile.Read((await GetDocument(invoice, cancellation)).Json);
        var (earlier, today) = ((await DocumentsAsync(cancellation)).Where(one => one.Corrects?.Invoice == invoice).ToList(), Today);
        ImmutableArray<InvoiceLine> lines;
        try
        {
            lines = Credits.Lines(credited, parts, earlier, reason);
        }
        catch (ArgumentException wrong)
        {
            throw new InvalidRequestException("lines", wrong.Message.Split(" (Parameter")[0]);
        }

        // Whoever it was issued to gets it back, as he was named then.
        await _keeper.ChangeAsync(state => state with
        {
            Pending = new($"{Tenant}/{invoice}/{earlier.Count + 1}", CalendarMonth.Of(today), lines, state.Charged, [], 0, [], credited.Provider, new(credited.Customer, credited.Reference, null, null),
                new(invoice, credited.IssuedOn, reason, by)),
        });
        var number = await IssueAsync(cancellation);
        await KeepAsync(cancellation);
        return await GetDocument(number, cancellation);
    }

    public async Task<IssuedDocument> GetDocument(string number, CancellationToken cancellation) =>
        State.Invoices.FirstOrDefault(place => place.Number == number) is { } place
            ? (await GrainFactory.Billing(Tenant, place.Month).ListDocuments(cancellation)).First(document => document.Number == number)
            : throw new NotFoundException($"This tenant has no invoice {number}.");

    public async Task<LiabilityFigure> GetLiability(DateOnly? day, int? months, CancellationToken cancellation)
    {
        var at = day ?? Today;
        var contract = await contracts.OfAsync(Tenant, cancellation);
        var cap = months ?? contract?.PlanOn(at)?.Liability.CapMonths ?? DefaultCapMonths;
        return cap is < 1 or > 120 ? throw new InvalidRequestException("months", "Between 1 and 120 months.")
            : LiabilityFigure.Of(at, cap, await GrainFactory.InvoiceBook().ListPayments(Tenant, cancellation), await DocumentsAsync(cancellation));
    }

    private async Task<IEnumerable<Invoice>> DocumentsAsync(CancellationToken cancellation)
    {
        var months = await Task.WhenAll(State.Invoices.Select(place => place.Month).Distinct().Select(month => GrainFactory.Billing(Tenant, month).ListDocuments(cancellation)));
        return months.SelectMany(documents => documents).Select(document => InvoiceFile.Read(document.Json));
    }

    [LoggerMessage(2810, LogLevel.Error, "Tenant {Tenant} could not be billed; the next tick tries again")]
    private static partial void LogNotBilled(ILogger log, TenantId tenant, Exception exception);

    [LoggerMessage(2815, LogLevel.Information, "Document {Number} of tenant {Tenant} was issued for the run of {Month}")]
    private static partial void LogIssued(ILogger log, string number, TenantId tenant, CalendarMonth month);
}
