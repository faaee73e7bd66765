using OrleansBackup.Domain.Identity;

namespace OrleansBackup.Domain.Forecast;

/// <summary>Runs that wait for places in the order in which they came, as the gate of a process lets them in, and that all slow down alike when a service grants less than they ask.</summary>
/// <remarks>All runs of one service have one clock, which goes as fast as the service lets them; a run ends when its clock shows its own seconds. Not safe for concurrent use.</remarks>
internal sealed class PlacesAndPermits(int places, int placesForMailboxes, IReadOnlyList<PermitFlow> flows)
{
    private readonly int _longPlaces = Math.Max(1, places - placesForMailboxes);
    private readonly Clock[] _clocks = [.. Enum.GetValues<LimitedService>().Select(service => new Clock(service, [.. flows.Where(flow => flow.Service == service && flow.PerSecond > 0)]))];
    private int _running, _longRunning;

    /// <summary>Seconds until the last run has ended.</summary>
    public double Seconds { get; private set; }

    /// <summary>The service that slowed its runs down longest, and for how many seconds.</summary>
    public (LimitedService Service, double Seconds) Shortest => _clocks.Select(clock => (clock.Service, clock.SlowSeconds)).MaxBy(clock => clock.SlowSeconds);

    /// <param name="underWay">What each has left.</param>
    /// <param name="waiting">In their order.</param>
    public void Run(IEnumerable<(ResourceKind Kind, RunCost Cost)> underWay, IReadOnlyList<(ResourceKind Kind, RunCost Cost)> waiting)
    {
        foreach (var (kind, cost) in underWay)
            Begin(kind, cost);
        int nextMailbox = NextOf(waiting, 0, mailbox: true), nextOther = NextOf(waiting, 0, mailbox: false);
        while (true)
        {
            while (_running < places)
            {
                var otherMay = nextOther < waiting.Count && _longRunning < _longPlaces;
                if (otherMay && nextOther < nextMailbox)
                {
                    Begin(waiting[nextOther].Kind, waiting[nextOther].Cost);
                    nextOther = NextOf(waiting, nextOther + 1, mailbox: false);
                }
                else if (nextMailbox < waiting.Count)
                {
                    Begin(waiting[nextMailbox].Kind, waiting[nextMailbox].Cost);
                    nextMailbox = NextOf(waiting, nextMailbox + 1, mailbox: true);
                }
                else
                {
                    break;
                }
            }
            if (_running == 0)
                return;
            var step = _clocks.Min(clock => clock.UntilChange());
            Seconds += step;
            foreach (var clock in _clocks)
            {
                var ended = clock.Pass(step);
                _running -= ended;
                _longRunning -= clock.Service == LimitedService.Exchange ? 0 : ended;
            }
        }
    }

    private static int NextOf(IReadOnlyList<(ResourceKind Kind, RunCost Cost)> waiting, int from, bool mailbox)
    {
        while (from < waiting.Count && waiting[from].Kind == ResourceKind.Mailbox != mailbox)
            from++;
        return from;
    }

    private void Begin(ResourceKind kind, RunCost cost)
    {
        _running++;
        _longRunning += kind == ResourceKind.Mailbox ? 0 : 1;
        _clocks.First(clock => clock.Service == PermitFlow.ServiceOf(kind)).Begin(cost);
    }

    private sealed class Clock(LimitedService service, PermitFlow[] flows)
    {
        private const double Nothing = 1e-6;

        private readonly PriorityQueue<double, double> _ends = new(); // what each asks a second, by when its clock shows its end
        private readonly double[] _ready = [.. flows.Select(flow => flow.Ready)];
        private double _shows, _asked;

        public LimitedService Service => service;

        public double SlowSeconds { get; private set; }

        public void Begin(RunCost cost)
        {
            var seconds = Math.Max(Nothing, cost.Seconds);
            _ends.Enqueue(cost.Requests / seconds, _shows + seconds);
            _asked += cost.Requests / seconds;
        }

        /// <summary>Seconds until a run ends or what lay ready is used up.</summary>
        public double UntilChange()
        {
            if (!_ends.TryPeek(out _, out var end))
                return double.PositiveInfinity;
            var until = (end - _shows) / Speed();
            for (var i = 0; i < flows.Length; i++)
                if (_ready[i] > Nothing && _asked * Speed() > flows[i].PerSecond)
                    until = Math.Min(until, _ready[i] / ((_asked * Speed()) - flows[i].PerSecond));
            return Math.Max(until, Nothing);
        }

        /// <returns>How many runs have ended.</returns>
        public int Pass(double seconds)
        {
            if (_ends.Count == 0)
                return 0;
            var speed = Speed();
            for (var i = 0; i < flows.Length; i++)
                _ready[i] = Math.Clamp(_ready[i] - (((_asked * speed) - flows[i].PerSecond) * seconds), 0, flows[i].Ready);
            SlowSeconds += speed < 1 ? seconds : 0;
            _shows += seconds * speed;
            var ended = 0;
            while (_ends.TryPeek(out var asked, out var end) && end <= _shows + Nothing)
            {
                _ends.Dequeue();
                _asked = _ends.Count == 0 ? 0 : _asked - asked;
                ended++;
            }
            return ended;
        }

        private double Speed()
        {
            var speed = 1.0;
            for (var i = 0; i < flows.Length; i++)
                if (_ready[i] <= Nothing && _asked > flows[i].PerSecond)
                    speed = Math.Min(speed, flows[i].PerSecond / _asked);
            return speed;
        }
    }
}
