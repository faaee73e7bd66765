using OrleansBackup.Demo.Processes;

namespace OrleansBackup.Demo.Tests.Processes;

public sealed class ChildProcessTests : IDisposable
{
    private static readonly string Demo = typeof(DemoOptions).Assembly.Location;

    private readonly string _folder = Directory.CreateTempSubdirectory("orleansbackup-demo-tests-").FullName;

    private string Log => Path.Combine(_folder, "child.log");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_program_that_was_not_built_is_named() => Assert.Contains("is not built",
        Assert.Throws<DemoFailedException>(() => ChildProcess.StartDotNet("the server", Path.Combine(_folder, "none.dll"), [], Log)).Message, StringComparison.Ordinal);

    [Fact]
    public async Task A_process_that_ends_by_itself_ends_the_waiting_and_shows_the_end_of_its_log()
    {
        await using var child = ChildProcess.StartDotNet("the server", Demo, ["--wibble"], Log); // ends at once: there is no such option

        var failure = await Assert.ThrowsAsync<DemoFailedException>(() => new Patience(child.ThrowIfEnded)
            .ForAsync<string>("something that never comes", TimeSpan.FromMinutes(1), _ => Task.FromResult<string?>(null), CancellationToken.None));

        Assert.Contains("the server ended by itself with exit status 2", failure.Message, StringComparison.Ordinal);
        Assert.Contains("--wibble", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_waited_for_in_vain_is_named() => Assert.Contains("waited 0 s for the moon", (await Assert.ThrowsAsync<DemoFailedException>(
        () => new Patience(() => { }).ForAsync<string>("the moon", TimeSpan.Zero, _ => Task.FromResult<string?>(null), CancellationToken.None))).Message, StringComparison.Ordinal);
}
