using Orleans;
using OrleansBackup.GrainInterfaces.Openings;
using OrleansBackup.GrainInterfaces.Points;
using OrleansBackup.GrainInterfaces.Resources;

namespace OrleansBackup.TimeTravel.Visits;

/// <summary>A program that was let in: what it reads, and until when. Disposed when it goes.</summary>
internal sealed class Visit : IDisposable
{
    private readonly OpeningWatch _watch;

    internal Visit(OpeningWatch watch, OpenedPoint opened, IGrainFactory grains)
    {
        (_watch, Opened, Point) = (watch, opened, grains.Point(opened.Point));
        _watch.Add(new OpeningUse(1, 0, 0, 0));
    }

    public OpenedPoint Opened { get; }

    public IRestorePointGrain Point { get; }

    /// <summary>Cancelled when the opening is over: whatever is being sent stops there.</summary>
    public CancellationToken Ended => _watch.Ended;

    public void Listed() => _watch.Add(new OpeningUse(0, 1, 0, 0));

    public void Read(long bytes) => _watch.Add(new OpeningUse(0, 0, 1, bytes));

    public void Dispose() => _watch.Leave();
}
