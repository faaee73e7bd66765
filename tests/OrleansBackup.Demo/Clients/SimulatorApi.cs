using System.Net.Http.Json;
using OrleansBackup.Demo.Comparison;

namespace OrleansBackup.Demo.Clients;

/// <summary>The simulator's own side door, <c>/_sim</c>: makes tenants, plays days, breaks things and knows the truth of every moment.</summary>
public sealed class SimulatorApi(Uri address) : IDisposable
{
    private readonly HttpClient _http = new() { BaseAddress = address, Timeout = TimeSpan.FromMinutes(5) };

    public Uri Address => _http.BaseAddress!;

    public Task<SimulatedTenantAnswer> CreateTenantAsync(object recipe, CancellationToken cancellation) => throw new NotImplementedException();
    public Task SetClockAsync(DateTimeOffset now, CancellationToken cancellation) => throw new NotImplementedException();
    public Task<DateTimeOffset> NowAsync(CancellationToken cancellation) => throw new NotImplementedException();
    public Task<string> LiveDayAsync(SimulatedTenantAnswer tenant, CancellationToken cancellation) => throw new NotImplementedException();
    public Task<MailboxPicture> StateAsync(SimulatedTenantAnswer tenant, string userId, DateTimeOffset? at, CancellationToken cancellation) => throw new NotImplementedException();
    public Task<HashSet<string>> WellKnownFoldersAsync(SimulatedTenantAnswer tenant, string userId, CancellationToken cancellation) => throw new NotImplementedException();
    public Task DeleteMessageAsync(SimulatedTenantAnswer tenant, string userId, string messageId, CancellationToken cancellation) => throw new NotImplementedException();
    public Task DeleteFolderAsync(SimulatedTenantAnswer tenant, string userId, string folderId, CancellationToken cancellation) => throw new NotImplementedException();
    public Task<int> EmptyMailboxAsync(SimulatedTenantAnswer tenant, string userId, CancellationToken cancellation) => throw new NotImplementedException();

    public void Dispose() => _http.Dispose();
}
public sealed record SimulatedTenantAnswer(Guid Id, string Name, string ClientId, string ClientSecret);
