using OrleansBackup.Domain.Invoicing;
using OrleansBackup.Domain.Schedule;

namespace OrleansBackup.Domain.Tests.Invoicing;

/// <summary>The same bills in the plainest way: a table of days, each paid or not, and loops over it. Shares no rule with the product.</summary>
internal sealed class PlainBilling(SimulatedCustomer customer)
{
    private readonly Dictionary<DateOnly, (int Users, decimal Price, string Plan)> _paid = [];
    private readonly HashSet<Guid> _worked = [];

    /// <summary>The amounts of the run of a day, without VAT, and with it.</summary>
    public (decimal Net, decimal Gross) Run(DateOnly run)
    {
        var net = Returned(run) + Yearly(run) + Monthly(run) + Worked(run);
        return (net, net + Cents(net * 21 / 100));
    }

    private static decimal Price(string plan, DateOnly day) => (plan, day.Year) switch { ("accensys", 2026) => 3.50m, ("accensys", _) => 3.62m, (_, 2026) => 3.00m, _ => 3.08m };

    private static decimal Rate(string plan, DateOnly day) => (plan, day.Year) switch { ("accensys", 2026) => 95m, ("accensys", _) => 98.33m, (_, 2026) => 85m, _ => 87.13m };

    private static decimal Cents(decimal euros) => Math.Sign(euros) * Math.Floor((Math.Abs(euros) * 100) + 0.5m) / 100;

    /// <summary>Which plan serves a day, as far as is known when the run is made; null: no contract.</summary>
    private string? PlanOf(DateOnly day, DateOnly run) => day < customer.Start || customer.EndKnownOn(run) is { } end && day > end ? null
        : customer.Plans.Where(one => one.From <= day && (one.KnownOn <= run || one.From == customer.Start)).MaxBy(one => one.From).Plan;

    private DateOnly BeginOf(DateOnly day, DateOnly run) => customer.Plans.Where(one => one.From <= day && (one.KnownOn <= run || one.From == customer.Start)).Max(one => one.From);

    private int UsersOn(DateOnly day) => customer.People.Count(one => one.From <= day && !(one.Until < day) && !one.Guest && !(one.SharedOn < day) && !(one.DisabledFrom <= day && day <= one.DisabledUntil));

    private int? LastLook(DateOnly day)
    {
        for (; day >= SimulatedCustomer.First; day = day.AddDays(-1))
            if (!customer.NotLooked.Contains(day))
                return UsersOn(day);
        return null;
    }

    /// <summary>What a report says of a month that the plan of a count per month served from its first day to its last; null: it served none such, or nobody looked in it.</summary>
    public int? MostOfAWholeMonth(DateOnly first, DateOnly run)
    {
        var days = Enumerable.Range(0, DateTime.DaysInMonth(first.Year, first.Month)).Select(first.AddDays).ToList();
        var looked = days.Where(day => !customer.NotLooked.Contains(day)).ToList();
        return days.All(day => PlanOf(day, run) == "accensys") && looked.Count > 0 ? looked.Max(UsersOn) : null;
    }

    private decimal Returned(DateOnly run)
    {
        var back = _paid.Where(one => PlanOf(one.Key, run) is { } now && now != one.Value.Plan).ToList();
        foreach (var one in back)
            _paid.Remove(one.Key);
        return -back.GroupBy(one => (one.Key.Year, one.Key.Month, one.Value.Users, one.Value.Price)).Sum(part => Part(part.Key.Users, part.Key.Price, part.Count(), part.Key.Year, part.Key.Month));
    }

    private decimal Yearly(DateOnly run)
    {
        if (LastLook(run) is not { } users)
            return 0;
        var sum = 0m;
        for (var year = SimulatedCustomer.First.Year; year <= run.Year; year++)
        {
            decimal? price = null;
            for (var month = 1; month <= 12; month++)
            {
                var open = Enumerable.Range(1, DateTime.DaysInMonth(year, month)).Select(day => new DateOnly(year, month, day))
                    .Where(day => PlanOf(day, run) == "jp-ict" && BeginOf(day, run) <= run && !_paid.ContainsKey(day)).ToList();
                foreach (var day in open)
                    _paid[day] = (users, price ??= Price("jp-ict", day), "jp-ict");
                sum += Part(users, price ?? 0, open.Count, year, month);
            }
        }

        return sum;
    }

    private decimal Monthly(DateOnly run)
    {
        var sum = 0m;
        for (var first = SimulatedCustomer.First; first < run; first = first.AddMonths(1))
        {
            var open = Enumerable.Range(0, DateTime.DaysInMonth(first.Year, first.Month)).Select(first.AddDays).Where(day => PlanOf(day, run) == "accensys" && !_paid.ContainsKey(day)).ToList();
            if (open.Count == 0)
                continue;
            var looked = open.Where(day => !customer.NotLooked.Contains(day)).ToList();
            if ((looked.Count > 0 ? looked.Max(UsersOn) : LastLook(open[0].AddDays(-1))) is not { } users)
                continue;
            // A month in which the contract begins or ends is charged as if it had been there from the first to the last day.
            var days = open.Count + (open[0] == customer.Start ? open[0].Day - 1 : 0) + (open[^1] == customer.EndKnownOn(run) ? DateTime.DaysInMonth(first.Year, first.Month) - open[^1].Day : 0);
            sum += Part(users, Price("accensys", first), days, first.Year, first.Month);
            foreach (var day in open)
                _paid[day] = (users, Price("accensys", first), "accensys");
        }

        return sum;
    }

    private decimal Worked(DateOnly run)
    {
        var sum = 0m;
        foreach (var order in customer.Work)
        {
            var day = ContractCalendar.Amsterdam.DayOf(order.Closing!.At);
            if (day >= run || _worked.Contains(order.Id))
                continue;
            var plan = PlanOf(day, run) ?? customer.Plans.Where(one => one.KnownOn <= run || one.From == customer.Start).MaxBy(one => one.From).Plan;
            var byRule = plan == "accensys" && order.Kind != WorkKind.ProviderFault && (order.Kind != WorkKind.Restore || order.Closing.Delivered);
            if (!(order.Decision?.Charge ?? byRule) || order.Closing.Minutes == 0)
                continue;
            _worked.Add(order.Id);
            sum += Cents(order.Closing.Minutes * Rate(plan, day) / 60);
        }

        return sum;
    }

    private static decimal Part(int users, decimal price, int days, int year, int month) =>
        days == DateTime.DaysInMonth(year, month) ? users * price : Cents(users * days * price / DateTime.DaysInMonth(year, month));
}
