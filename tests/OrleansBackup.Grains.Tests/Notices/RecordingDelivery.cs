using System.Collections.Concurrent;
using OrleansBackup.Domain.Notices;
using OrleansBackup.Grains.Notices;

namespace OrleansBackup.Grains.Tests.Notices;

/// <summary>In the place of the mail server: keeps what it takes, and refuses or holds what a test says.</summary>
internal sealed class RecordingDelivery : INoticeDelivery
{
    public NoticeChannel Channel => NoticeChannel.Mail;

    /// <summary>Every attempt, taken or not.</summary>
    public ConcurrentQueue<NoticeLetter> Attempts { get; } = new();

    public ConcurrentQueue<NoticeLetter> Taken { get; } = new();

    /// <summary>Before something is taken.</summary>
    public Func<NoticeLetter, CancellationToken, Task>? Before { get; set; }

    /// <summary>After it was taken: the answer that gets lost.</summary>
    public Func<NoticeLetter, CancellationToken, Task>? After { get; set; }

    public async Task DeliverAsync(NoticeLetter letter, CancellationToken cancellation)
    {
        Attempts.Enqueue(letter);
        if (Before is { } before)
            await before(letter, cancellation);
        Taken.Enqueue(letter);
        if (After is { } after)
            await after(letter, cancellation);
    }
}
