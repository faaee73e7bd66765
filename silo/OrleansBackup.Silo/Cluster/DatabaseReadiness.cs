using Npgsql;
using OrleansBackup.ClientApi.Operations;

namespace OrleansBackup.Silo.Cluster;

/// <summary>A silo without its database can answer for what it has in memory and begin nothing: it is not ready.</summary>
/// <remarks>Asked at most once a second, however often somebody asks this server.</remarks>
internal sealed class DatabaseReadiness(ClusterDatabase database, TimeProvider time) : IReadinessCondition, IDisposable
{
    private static readonly TimeSpan GoodFor = TimeSpan.FromSeconds(1);

    private readonly SemaphoreSlim _asking = new(1);
    private (long At, bool Answers)? _last;

    public async Task<bool> HoldsAsync(CancellationToken cancellation)
    {
        await _asking.WaitAsync(cancellation);
        try
        {
            if (_last is not { } last || time.GetElapsedTime(last.At) > GoodFor)
                _last = last = (time.GetTimestamp(), await AnswersAsync(cancellation));
            return last.Answers;
        }
        finally
        {
            _asking.Release();
        }
    }

    public void Dispose() => _asking.Dispose();

    private async Task<bool> AnswersAsync(CancellationToken cancellation)
    {
        try
        {
            await using var command = database.Source.CreateCommand("SELECT 1");
            await command.ExecuteScalarAsync(cancellation);
            return true;
        }
        catch (NpgsqlException)
        {
            return false; // whoever works with the database logs what it is
        }
    }
}
