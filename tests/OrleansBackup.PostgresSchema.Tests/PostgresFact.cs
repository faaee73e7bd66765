using OrleansBackup.PostgresServer;

namespace OrleansBackup.PostgresSchema.Tests;

/// <summary>A test on a PostgreSQL server; skipped, with the reason, where none can be started.</summary>
public sealed class PostgresFactAttribute : FactAttribute
{
    public PostgresFactAttribute() => Skip = PostgresPrograms.Problem;
}

/// <summary>One server for the tests of a class; each test takes a database of its own.</summary>
public sealed class OneServer : IAsyncLifetime
{
    private TestPostgres? _server;

    public TestPostgres Server => _server ?? throw new InvalidOperationException("PostgreSQL was not started.");

    public async Task InitializeAsync()
    {
        if (PostgresPrograms.Problem is null)
            _server = await TestPostgres.StartAsync(CancellationToken.None);
    }

    public async Task DisposeAsync()
    {
        if (_server is not null)
            await _server.DisposeAsync();
    }
}
