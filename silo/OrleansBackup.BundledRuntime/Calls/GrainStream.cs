using System.Runtime.CompilerServices;

namespace Orleans.Runtime;

/// <summary>An async stream of a grain, from the caller's side: every read is a step that runs in the grain.</summary>
/// <remarks>Steps interleave with the grain's calls, so a stream that waits for news does not block the grain that makes them.</remarks>
internal sealed class GrainStream<TArguments, TItem>(GrainReference target, GrainMethod<TArguments, TItem> method, TArguments arguments)
    : IAsyncEnumerable<TItem>
    where TArguments : struct
{
    public async IAsyncEnumerator<TItem> GetAsyncEnumerator(CancellationToken cancellationToken = default)
    {
        var sent = arguments;
        var argumentToken = method.Delegates.ReadToken?.Invoke(ref sent) ?? default;
        method.Delegates.Copy?.Invoke(ref sent, new CopyContext());
        using var cancelled = CancellationTokenSource.CreateLinkedTokenSource(argumentToken, cancellationToken);
        var step = new StreamStep<TArguments, TItem>(target, method, sent);
        try
        {
            while (true)
            {
                var batch = await step.ReadAsync(cancelled.Token);
                foreach (var item in batch.Items)
                {
                    cancelled.Token.ThrowIfCancellationRequested();
                    yield return item;
                }
                batch.Failure?.Throw();
                if (batch.IsLast)
                    yield break;
            }
        }
        finally
        {
            step.Close();
        }
    }
}
