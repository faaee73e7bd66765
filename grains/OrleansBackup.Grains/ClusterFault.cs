using System.Data.Common;
using Orleans.Runtime;
using Orleans.Storage;

namespace OrleansBackup.Grains;

/// <summary>Tells what breaks because another process died or the database is away. It is no fault of the work that met it and passes by itself.</summary>
/// <remarks>Calls to the grains of a process that died are turned away until the others have noticed, some ten seconds; then its grains live elsewhere.</remarks>
internal static class ClusterFault
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    /// <summary>A lost race for a grain's state is none: it never passes for the one that lost.</summary>
    public static bool Is(Exception exception) => exception is (OrleansException and not InconsistentStateException) or DbException;

    /// <summary>Calls another grain until it answers.</summary>
    /// <param name="call">Safe to repeat, since a call that was not answered may have been carried out.</param>
    /// <exception cref="OperationCanceledException">It did not answer before the cancellation, which is the only bound.</exception>
    public static async Task<T> OutlastAsync<T>(Func<Task<T>> call, TimeProvider time, CancellationToken cancellation)
    {
        while (true)
        {
            try
            {
                return await call();
            }
            catch (Exception exception) when (exception is TimeoutException || Is(exception))
            {
                await Task.Delay(Pause, time, cancellation);
            }
        }
    }
}
