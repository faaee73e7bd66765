namespace OrleansBackup.Grains.Tenants;

/// <summary>One sweep at a time in a process: each holds the names of a tenant's whole content, and after an outage many tenants are overdue at once.</summary>
internal sealed class SweepTurns : IDisposable
{
    private readonly SemaphoreSlim _turn = new(1);

    /// <summary>Waits for the turn; disposing what it returns gives it to the next.</summary>
    public async Task<IDisposable> EnterAsync(CancellationToken cancellation)
    {
        await _turn.WaitAsync(cancellation);
        return new Turn(_turn);
    }

    public void Dispose() => _turn.Dispose();

    private sealed class Turn(SemaphoreSlim turn) : IDisposable
    {
        public void Dispose() => turn.Release();
    }
}
