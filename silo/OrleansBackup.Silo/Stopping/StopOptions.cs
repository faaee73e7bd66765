using System.ComponentModel.DataAnnotations;

namespace OrleansBackup.Silo.Stopping;

/// <summary>How a server ends when it is asked to. Configuration section <c>Stop</c>.</summary>
public sealed record StopOptions
{
    public const string Section = "Stop";

    /// <summary>Seconds between telling that it is not ready and beginning to stop, for load balancers that look only now and then. Default 0.</summary>
    [Range(0, 300)]
    public int NoticeSeconds { get; init; }

    /// <summary>Seconds that runs under way have to commit their segment and hand over; what goes on then is broken off like in a crash. Default 20.</summary>
    [Range(0, 600)]
    public int DrainSeconds { get; init; } = 20;

    /// <summary>After which the process ends whatever is still going on.</summary>
    public TimeSpan InAll => TimeSpan.FromSeconds(NoticeSeconds + DrainSeconds + 20);
}
