using System.Runtime.CompilerServices;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using OrleansBackup.ClientApi.Json;

namespace OrleansBackup.ClientApi.Streams;

/// <summary>Long work that only says how it stands when it is asked, in the same form as everything that is watched: <c>progress</c> when something changed, then <c>end</c>.</summary>
internal static class JobEvents
{
    /// <summary>How often the work is asked. It takes minutes to days.</summary>
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    /// <param name="read">Says how the work stands; what does not exist is a problem before the answer begins.</param>
    /// <param name="ended">Whether it will not change any more.</param>
    public static Task<IResult> StartAsync<T>(HttpContext context, Func<CancellationToken, Task<T>> read, Func<T, bool> ended)
        where T : class =>
        EventStream.StartAsync(context, cancellation => WatchAsync(read, ended, context.RequestServices.GetRequiredService<TimeProvider>(), cancellation), state => state,
            async cancellation => await read(cancellation));

    /// <summary>How it stands, each time that this has changed, until it will not change any more.</summary>
    internal static async IAsyncEnumerable<T> WatchAsync<T>(Func<CancellationToken, Task<T>> read, Func<T, bool> ended, TimeProvider time, [EnumeratorCancellation] CancellationToken cancellation)
        where T : class
    {
        byte[] told = [];
        while (true)
        {
            var state = await read(cancellation);
            var bytes = JsonSerializer.SerializeToUtf8Bytes(state, ApiJson.Options);
            if (!bytes.AsSpan().SequenceEqual(told))
                yield return state;
            if (ended(state))
                yield break;
            told = bytes;
            await Task.Delay(Interval, time, cancellation);
        }
    }
}
