using OrleansBackup.Vault.Stores;

namespace OrleansBackup.Vault.Tests.Given;

/// <summary>A process that stands still before it puts the first object whose name is asked for, and goes on later with what it knew.</summary>
internal sealed class WaitingBlobStore(IBlobStore inner, Func<BlobName, bool> isAwaited) : DelegatingBlobStore(inner)
{
    private readonly TaskCompletionSource _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _goOn = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Ends when the process stands still.</summary>
    public Task Reached => _reached.Task;

    public void GoOn() => _goOn.TrySetResult();

    public override async Task<bool> PutIfAbsentAsync(BlobName name, ReadOnlyMemory<byte> bytes, CancellationToken cancellation)
    {
        if (isAwaited(name))
        {
            _reached.TrySetResult();
            await _goOn.Task;
        }
        return await base.PutIfAbsentAsync(name, bytes, cancellation);
    }
}
