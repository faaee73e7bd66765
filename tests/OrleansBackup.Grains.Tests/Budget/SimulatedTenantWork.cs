using OrleansBackup.Domain.Forecast;
using OrleansBackup.Domain.Identity;
using OrleansBackup.GrainInterfaces.Budget;
using OrleansBackup.Grains.Budget;

namespace OrleansBackup.Grains.Tests.Budget;

/// <summary>A tenant whose first backups are to be simulated.</summary>
internal sealed record TenantShape(string Name, KindShape[] Kinds, int Places, int Licences);

/// <summary>The resources of one kind: how large they are, what they cost, and how far off what Microsoft 365 tells of them is.</summary>
/// <param name="SpreadItems">The deviation of the logarithm of the number of items.</param>
/// <param name="PerItem">Seconds of an item, where nothing is short.</param>
/// <param name="ToldItems">Whether the number of items is told before.</param>
/// <param name="ToldBytes">Bytes that are told before for each true one; 0: they are not told.</param>
/// <param name="ToldNoise">The deviation of the logarithm of both.</param>
internal sealed record KindShape(
    ResourceKind Kind, int Count, double MedianItems, double SpreadItems, double KilobytesPerItem, double SpreadSize, double PerItem, double PerMegabyte, double RequestsPerItem, bool ToldItems, double ToldBytes, double ToldNoise)
{
    /// <summary>False: nothing is told of one before its run has begun.</summary>
    public bool ToldBefore { get; init; } = true;
}

/// <summary>First backups of a whole tenant in virtual time: places, the queue before them, and the budget of each service as it is in the product.</summary>
internal sealed class SimulatedTenantWork
{
    private const int StepsOfARun = 40, PlacesForMailboxes = 2;
    private static readonly TimeSpan ShortestWait = TimeSpan.FromSeconds(20);
    private static readonly DateTimeOffset Start = new(2026, 3, 2, 20, 0, 0, TimeSpan.Zero);

    private readonly TenantShape _shape;
    private readonly Random _random;
    private readonly List<SimulatedRun> _runs = [];
    private readonly Dictionary<LimitedService, ServiceBudget> _budgets;
    private DateTimeOffset _now = Start;

    public SimulatedTenantWork(TenantShape shape, int seed)
    {
        (_shape, _random) = (shape, new Random(seed));
        foreach (var kind in shape.Kinds)
            for (var i = 0; i < kind.Count; i++)
                _runs.Add(Make(kind));
        var order = _runs.ToArray();
        _random.Shuffle(order); // a stable hash of the resource says when it comes
        _runs = [.. order];
        _budgets = new()
        {
            [LimitedService.Exchange] = ServiceBudget.OfRate(1_000, Start),
            [LimitedService.Files] = ServiceBudget.OfFiles(shape.Licences, Start),
            [LimitedService.Teams] = ServiceBudget.OfRate(25, Start),
        };
    }

    /// <summary>Lets all of it happen and compares with what was foretold after a twentieth of the work.</summary>
    public Result Measure()
    {
        var whole = _runs.Sum(run => run.Seconds);
        var waiting = new LinkedList<SimulatedRun>(_runs);
        var events = new PriorityQueue<SimulatedRun, DateTimeOffset>();
        int underWay = 0, longUnderWay = 0;
        var done = 0.0;
        TenantOutlook? told = null;
        var toldAt = Start;
        Admit();
        while (events.TryDequeue(out var run, out var at))
        {
            _now = at;
            if (run.StepEnds)
            {
                done += run.EndStep(_now);
                if (run.Steps == StepsOfARun)
                {
                    run.EndedAt = _now;
                    underWay--;
                    longUnderWay -= run.Kind.Kind == ResourceKind.Mailbox ? 0 : 1;
                    Admit();
                    Tell();
                    continue;
                }
            }
            Next(run);
            Tell();
        }
        var seconds = (_now - Start).TotalSeconds;
        var end = (toldAt - Start) + told!.Left!.Value;
        return new Result(seconds, Math.Abs(end.TotalSeconds - seconds) / seconds,
            (toldAt - Start + told.LeftAtLeast!.Value).TotalSeconds <= seconds && seconds <= (toldAt - Start + told.LeftAtMost!.Value).TotalSeconds, told.Bottleneck);

        void Tell()
        {
            if (told is null && done >= whole / 20)
                (told, toldAt) = (TenantForecast.Foretell(Seen()), _now);
        }

        void Admit()
        {
            for (var node = waiting.First; node is not null && underWay < _shape.Places;)
            {
                var (run, next) = (node.Value, node.Next);
                var isLong = run.Kind.Kind != ResourceKind.Mailbox;
                if (!isLong || longUnderWay < _shape.Places - PlacesForMailboxes)
                {
                    waiting.Remove(node);
                    underWay++;
                    longUnderWay += isLong ? 1 : 0;
                    run.BeganAt = _now;
                    Next(run);
                }
                node = next;
            }
        }

        // The next step begins when its requests are granted and ends after its own time.
        void Next(SimulatedRun run)
        {
            var budget = _budgets[PermitFlow.ServiceOf(run.Kind.Kind)];
            while (run.Permits > 0)
            {
                var (granted, wait) = budget.Take(WorkPriority.Backup, run.Permits, _now);
                run.Permits -= granted;
                if (granted == 0)
                {
                    run.StepEnds = false;
                    run.WaitsSince ??= _now;
                    events.Enqueue(run, _now + (wait > ShortestWait ? wait : ShortestWait));
                    return;
                }
            }
            run.StepEnds = true;
            run.Granted(_now);
            events.Enqueue(run, _now + TimeSpan.FromSeconds(run.StepSeconds));
        }
    }

    /// <summary>What the service would know now.</summary>
    private TenantWork Seen() => new(
        [.. _runs.Select(run => new FirstBackup(run.Kind.Kind, run.EndedAt is not null ? FirstBackupStage.Done : run.BeganAt is not null ? FirstBackupStage.UnderWay : FirstBackupStage.Waiting, run.BeganAt is null && !run.Kind.ToldBefore ? default : run.Told)
        {
            Worked = run.BeganAt is { } began ? (run.EndedAt ?? _now) - began : TimeSpan.Zero, Waited = run.WaitedAt(_now), Items = run.DoneItems, Bytes = run.DoneBytes, Requests = run.DoneRequests, Left = run.OwnForecast(_now),
        })],
        _shape.Places, PlacesForMailboxes,
        [.. _budgets.SelectMany(budget => budget.Value.Flows(_now).Select(flow => new PermitFlow(budget.Key, flow.PerSecond, flow.Ready)))]);

    private SimulatedRun Make(KindShape kind)
    {
        var items = Math.Max(5, kind.MedianItems * Math.Exp(kind.SpreadItems * Normal()));
        var bytes = items * 1_000 * kind.KilobytesPerItem * Math.Exp(kind.SpreadSize * Normal());
        var told = new ToldSize(
            kind.ToldItems ? (long)(items * 0.9 * Math.Exp(kind.ToldNoise * Normal())) : null, kind.ToldBytes > 0 ? (long)(bytes * kind.ToldBytes * Math.Exp(kind.ToldNoise * Normal())) : null);
        return new SimulatedRun(kind, items, bytes, told, Enumerable.Range(0, StepsOfARun).Select(_ => Math.Exp(0.5 * Normal())).ToArray());
    }

    private double Normal() => Math.Sqrt(-2 * Math.Log(1 - _random.NextDouble())) * Math.Cos(2 * Math.PI * _random.NextDouble());

    /// <param name="Error">Of the whole time from the beginning.</param>
    internal sealed record Result(double Seconds, double Error, bool InRange, Bottleneck Bottleneck);

    /// <summary>One first backup, in steps.</summary>
    private sealed class SimulatedRun(KindShape kind, double items, double bytes, ToldSize told, double[] speeds)
    {
        private readonly WorkForecast _forecast = new();
        private TimeSpan _waited;

        public KindShape Kind => kind;

        public ToldSize Told => told;

        /// <summary>Where nothing is short.</summary>
        public double Seconds { get; } = speeds.Average() * ((items * kind.PerItem) + (bytes / 1e6 * kind.PerMegabyte)) + 2;

        public double StepSeconds => ((((items * kind.PerItem) + (bytes / 1e6 * kind.PerMegabyte)) * speeds[Steps]) + 2) / StepsOfARun;

        public int Steps { get; private set; }

        public int Permits { get; set; } = PermitsOfAStep(kind, items);

        public bool StepEnds { get; set; }

        public DateTimeOffset? BeganAt { get; set; }

        public DateTimeOffset? WaitsSince { get; set; }

        public DateTimeOffset? EndedAt { get; set; }

        public long DoneItems => (long)(items * Steps / StepsOfARun);

        public long DoneBytes => (long)(bytes * Steps / StepsOfARun);

        public long DoneRequests => (long)Steps * PermitsOfAStep(kind, items);

        public TimeSpan WaitedAt(DateTimeOffset now) => _waited + (WaitsSince is { } since ? now - since : TimeSpan.Zero);

        public void Granted(DateTimeOffset now)
        {
            _waited = WaitedAt(now);
            WaitsSince = null;
        }

        public double EndStep(DateTimeOffset now)
        {
            var seconds = StepSeconds;
            Steps++;
            Permits = PermitsOfAStep(kind, items);
            _forecast.Observe(now - BeganAt!.Value, DoneItems, DoneBytes);
            return seconds;
        }

        // As the board of a run does: nothing before a twentieth of what was told is done.
        public TimeSpan? OwnForecast(DateTimeOffset now)
        {
            var share = told.Items is { } items ? (double)DoneItems / items : told.Bytes is { } bytes ? (double)DoneBytes / bytes : 0;
            return BeganAt is null || EndedAt is not null || share < 0.05 ? null : _forecast.Left(told.Items, told.Bytes);
        }

        private static int PermitsOfAStep(KindShape kind, double items) => (int)Math.Ceiling(items * kind.RequestsPerItem / StepsOfARun);
    }
}
