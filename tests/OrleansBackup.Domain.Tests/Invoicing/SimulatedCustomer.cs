using System.Collections.Immutable;
using OrleansBackup.Domain.Contracts;
using OrleansBackup.Domain.Invoicing;
using OrleansBackup.Domain.Metering;
using OrleansBackup.Domain.Notices;
using OrleansBackup.Domain.Schedule;

namespace OrleansBackup.Domain.Tests.Invoicing;

/// <summary>Two years of one customer, drawn from a seed: people who come, go and become shared mailboxes, plan changes, a cancellation that may be withdrawn, suspensions, work.</summary>
internal sealed class SimulatedCustomer
{
    public static readonly DateOnly First = new(2026, 1, 1), Last = new(2028, 1, 1);

    private const int ShortestPlan = 45;

    public SimulatedCustomer(int seed)
    {
        var dice = new Random(seed);
        Start = First.AddDays(dice.Next(4) == 0 ? 0 : dice.Next(300));
        Plans.Add((Start.AddDays(-10), Start, dice.Next(2) == 0 ? "accensys" : "jp-ict"));
        for (var at = Start.AddDays(ShortestPlan + dice.Next(300)); at < Last && dice.Next(3) == 0; at = at.AddDays(ShortestPlan + dice.Next(300)))
            Plans.Add((at.AddDays(-dice.Next(20)), at, Plans[^1].Plan == "accensys" ? "jp-ict" : "accensys"));
        if (dice.Next(4) == 0 && Start.AddDays(200 + dice.Next(400)) is var end && end > Plans[^1].From.AddDays(30))
            Cancellation = (end.AddDays(-60), Plans[^1].Plan == "accensys" ? BillingMonth.Of(end).Last : end, dice.Next(3) == 0 ? end.AddDays(-10) : null);
        for (var number = 0; number < 2 + dice.Next(25); number++)
            People.Add(Draw(dice, $"p{number}", First.AddDays(-1)));
        for (var (day, number) = (First, 0); day < Last; day = day.AddDays(1))
        {
            if (dice.Next(40) == 0)
                People.Add(Draw(dice, $"n{number++}", day));
            if (dice.Next(30) == 0)
                NotLooked.Add(day);
            if (dice.Next(60) == 0)
                Suspended.Add(day);
            if (dice.Next(45) == 0 && day >= Start)
                Work.Add(DrawWork(dice, day));
        }
        if (dice.Next(6) == 0) // nobody looks for a whole month
            for (var (day, month) = (First.AddDays(dice.Next(600)), 0); month < 40; month++)
                NotLooked.Add(day.AddDays(month));
    }

    public DateOnly Start { get; }

    public List<(DateOnly KnownOn, DateOnly From, string Plan)> Plans { get; } = [];

    public (DateOnly KnownOn, DateOnly End, DateOnly? WithdrawnOn)? Cancellation { get; }

    public List<Person> People { get; } = [];

    public HashSet<DateOnly> NotLooked { get; } = [];

    public List<DateOnly> Suspended { get; } = [];

    public List<WorkOrder> Work { get; } = [];

    public DateOnly? EndKnownOn(DateOnly day) => Cancellation is { } one && one.KnownOn <= day && !(one.WithdrawnOn <= day) ? one.End : null;

    /// <summary>The contract as the service knows it on a day.</summary>
    public ContractTimeline ContractKnownOn(DateOnly day)
    {
        var (known, end) = (Plans.Where(one => one.KnownOn <= day || one.From == Start).ToList(), EndKnownOn(day));
        return new(Start, end,
            [.. known.Select((one, at) => new PlanPeriod(one.From, at + 1 < known.Count ? known[at + 1].From.AddDays(-1) : end, one.Plan == "accensys" ? Given.Accensys : Given.JpIct))],
            [.. Suspended.Where(one => one <= day).Select(one => new SuspensionPeriod(one, one))]);
    }

    /// <summary>What a look at the environment sees in the course of a day: who changes in it is seen in both forms.</summary>
    public IEnumerable<MeteredAccount> SeenOn(DateOnly day)
    {
        foreach (var person in People.Where(one => one.From <= day && (one.Until is not { } last || day <= last)))
        {
            var user = new MeteredAccount(person.Id, person.Id, "", !(day >= person.DisabledFrom && day <= person.DisabledUntil), person.Guest, true, "user");
            if (person.SharedOn is not { } on || day <= on)
                yield return user;
            if (person.SharedOn <= day)
                yield return user with { Purpose = "shared", Enabled = false, Licensed = false };
        }
    }

    private static Person Draw(Random dice, string id, DateOnly from) => new(id, from,
        dice.Next(2) == 0 ? from.AddDays(dice.Next(600)) : null, dice.Next(6) == 0 ? from.AddDays(1 + dice.Next(400)) : null, dice.Next(8) == 0,
        dice.Next(6) == 0 ? from.AddDays(dice.Next(300)) : DateOnly.MaxValue, from.AddDays(300 + dice.Next(300)));

    private static WorkOrder DrawWork(Random dice, DateOnly day)
    {
        var (kind, id) = ((WorkKind)(1 + dice.Next(5)), new byte[16]);
        dice.NextBytes(id);
        return new(new Guid(id), kind, "subject", new BothLanguages("Werk", "Work"), null, DateTimeOffset.UnixEpoch)
        {
            Closing = new(ContractCalendar.Amsterdam.At(day, TimeSpan.FromMinutes(dice.Next(24 * 60))), dice.Next(200), dice.Next(4) != 0),
            Decision = dice.Next(5) == 0 ? new(dice.Next(2) == 0, "reason", "agreement", "the director", DateTimeOffset.UnixEpoch) : null,
        };
    }
}

/// <param name="Until">The last day.</param>
/// <param name="SharedOn">The day on which the mailbox became a shared one.</param>
internal sealed record Person(string Id, DateOnly From, DateOnly? Until, DateOnly? SharedOn, bool Guest, DateOnly DisabledFrom, DateOnly DisabledUntil);
