namespace OrleansBackup.Portal.Tests.Hosting;

/// <summary>One portal for all tests of a class that change nothing.</summary>
public sealed class RunningPortal : IAsyncLifetime
{
    internal PortalHost Host { get; private set; } = null!;

    public async Task InitializeAsync() => Host = await PortalHost.StartAsync();

    public async Task DisposeAsync() => await Host.DisposeAsync();
}
