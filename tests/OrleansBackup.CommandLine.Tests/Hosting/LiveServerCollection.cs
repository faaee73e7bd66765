namespace OrleansBackup.CommandLine.Tests.Hosting;

/// <summary>One server for all tests that need a real one.</summary>
[CollectionDefinition(nameof(LiveServer))]
public sealed class LiveServerCollection : ICollectionFixture<LiveServer>;
