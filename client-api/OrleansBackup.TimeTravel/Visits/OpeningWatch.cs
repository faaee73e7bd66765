using Microsoft.Extensions.Logging;
using OrleansBackup.Domain.Openings;
using OrleansBackup.GrainInterfaces.Openings;

namespace OrleansBackup.TimeTravel.Visits;

/// <summary>Watches one opening for all programs of this process that are in it: asks again and again whether it is still open, and tells what was read.</summary>
internal sealed partial class OpeningWatch(OpeningId opening, IOpeningBookGrain book, TimeSpan every, TimeProvider time, ILogger log) : IDisposable
{
    /// <summary>A book that cannot be asked so often in a row closes what is open: an end must not be missed.</summary>
    private const int MostUnanswered = 10;

    private readonly CancellationTokenSource _ended = new();
    private readonly Lock _lock = new();
    private OpeningUse _untold = OpeningUse.None;
    private int _visits;
    private bool _over;

    /// <summary>Cancelled when the opening is over, or nobody is in it any more.</summary>
    public CancellationToken Ended { get; private set; }

    /// <returns>False: this watch is over; make another.</returns>
    public bool TryJoin()
    {
        lock (_lock)
        {
            if (_over)
                return false;
            Ended = _ended.Token;
            _visits++;
            return true;
        }
    }

    public void Leave()
    {
        lock (_lock)
            _visits--;
    }

    public void Add(OpeningUse use)
    {
        lock (_lock)
            _untold += use;
    }

    /// <summary>Goes on until nobody is in the opening any more, or it is over.</summary>
    /// <param name="stopping">The process stops: what was read is told, and nothing more is waited for.</param>
    public async Task RunAsync(CancellationToken stopping)
    {
        var unanswered = 0;
        try
        {
            using var timer = new PeriodicTimer(every, time);
            while (await WaitAsync(timer, stopping) && !TryEnd())
                try
                {
                    await TellAsync(stopping);
                    if (!await book.IsOpen(opening, stopping))
                        break;
                    unanswered = 0;
                }
                catch (Exception exception) when (!stopping.IsCancellationRequested)
                {
                    LogUnanswered(log, opening.Tenant.ToString(), exception);
                    if (++unanswered == MostUnanswered)
                        break;
                }
        }
        finally
        {
            lock (_lock)
                _over = true;
            await _ended.CancelAsync();
            await TellLastAsync();
        }
    }

    public void Dispose() => _ended.Dispose();

    private static async Task<bool> WaitAsync(PeriodicTimer timer, CancellationToken stopping)
    {
        try
        {
            return await timer.WaitForNextTickAsync(stopping);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    private bool TryEnd()
    {
        lock (_lock)
            return _over = _visits == 0 && _untold == OpeningUse.None;
    }

    private async Task TellAsync(CancellationToken cancellation)
    {
        OpeningUse use;
        lock (_lock)
            (use, _untold) = (_untold, OpeningUse.None);
        if (use == OpeningUse.None)
            return;
        try
        {
            await book.AddUse(opening, use, cancellation);
        }
        catch
        {
            Add(use);
            throw;
        }
    }

    private async Task TellLastAsync()
    {
        try
        {
            await TellAsync(CancellationToken.None);
        }
        catch (Exception exception)
        {
            LogUnanswered(log, opening.Tenant.ToString(), exception); // some counts are lost; nothing else hangs on them
        }
    }

    [LoggerMessage(4601, LogLevel.Warning, "The book of openings of tenant {Tenant} could not be asked; asked again")]
    private static partial void LogUnanswered(ILogger log, string tenant, Exception exception);
}
