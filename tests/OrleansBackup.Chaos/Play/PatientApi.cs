using System.Diagnostics;
using System.Text.Json;
using OrleansBackup.Chaos.World;
using OrleansBackup.Demo;
using OrleansBackup.Demo.Clients;

namespace OrleansBackup.Chaos.Play;

/// <summary>Asks whichever process answers, as a client behind a load balancer does, and asks again for as long as somebody breaks things.</summary>
internal sealed class PatientApi(ChaosWorld world)
{
    private static readonly TimeSpan AnswerWithin = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(300);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    private int _turn;

    /// <exception cref="ChaosFailedException">Nobody gave an answer for very long.</exception>
    public async Task<T> AskAsync<T>(string what, Func<ServerApi, CancellationToken, Task<T>> question, CancellationToken cancellation)
    {
        var since = Stopwatch.GetTimestamp();
        Exception? last = null;
        while (Stopwatch.GetElapsedTime(since) < Patience)
        {
            if (world.Slots.Where(slot => slot.Serving).ToList() is { Count: > 0 } serving)
            {
                using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
                limit.CancelAfter(AnswerWithin);
                try
                {
                    return await question(serving[(int)((uint)Interlocked.Increment(ref _turn) % serving.Count)].Server.Api, limit.Token);
                }
                catch (Exception failed) when (!cancellation.IsCancellationRequested
                    && failed is DemoFailedException or OperationCanceledException or HttpRequestException or IOException or ObjectDisposedException or JsonException)
                {
                    last = failed;
                }
            }
            await Task.Delay(Pause, cancellation);
        }
        throw new ChaosFailedException($"{what}: no answer for {Patience.TotalMinutes:0} minutes; the last was: {last?.Message ?? "none"}", last);
    }
}
