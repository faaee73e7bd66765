namespace OrleansBackup.ClientApi.Tests.Hosting;

/// <summary>The tests that share one live server; they run one after the other.</summary>
[CollectionDefinition(nameof(LiveServer))]
public sealed class LiveServerCollection : ICollectionFixture<LiveServer>;
