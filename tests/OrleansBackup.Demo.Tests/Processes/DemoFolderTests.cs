using OrleansBackup.Demo.Processes;

namespace OrleansBackup.Demo.Tests.Processes;

public sealed class DemoFolderTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("orleansbackup-demo-tests-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_folder_with_somebodys_files_is_refused_and_left_alone()
    {
        var mine = Path.Combine(_folder, "thesis.txt");
        File.WriteAllText(mine, "years of work");

        var refusal = Assert.Throws<DemoFailedException>(() => DemoFolder.Open(_folder));

        Assert.Contains("not empty", refusal.Message, StringComparison.Ordinal);
        Assert.Equal([mine], Directory.GetFileSystemEntries(_folder));
    }

    [Fact]
    public void A_used_demonstration_folder_starts_afresh()
    {
        using (var first = DemoFolder.Open(_folder))
            File.WriteAllText(Path.Combine(first.Server, "state.db"), "old");

        using var second = DemoFolder.Open(_folder);

        Assert.Empty(Directory.GetFileSystemEntries(second.Server));
    }

    [Fact]
    public void A_folder_in_use_is_refused()
    {
        using var first = DemoFolder.Open(_folder);

        Assert.Throws<DemoFailedException>(() => DemoFolder.Open(_folder));
    }
}
