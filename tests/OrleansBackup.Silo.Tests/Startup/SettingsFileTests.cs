using OrleansBackup.ClientApi;
using OrleansBackup.Silo.Startup;

namespace OrleansBackup.Silo.Tests.Startup;

/// <summary>Settings in a file of the operator's own.</summary>
public sealed class SettingsFileTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("orleansbackup-settings-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void The_file_goes_before_the_programs_own_settings_and_behind_the_command_line()
    {
        var file = Write("""{ "Data": { "Folder": "/from/file" }, "Api": { "Url": "http://127.0.0.1:1" }, "Stop": { "DrainSeconds": 60 } }""");
        var settings = SettingsFile.CreateBuilder(["--Settings:File", file, "--Api:Url", "http://127.0.0.1:2"]).Configuration;
        Assert.Equal(("/from/file", "http://127.0.0.1:2", "60"), (settings["Data:Folder"], settings["Api:Url"], settings["Stop:DrainSeconds"]));
        Assert.Equal("Warning", settings["Logging:LogLevel:Orleans"]); // what the file does not name stays
    }

    [Fact]
    public void A_file_that_is_missing_or_no_JSON_is_named()
    {
        var missing = Path.Combine(_folder, "none.json");
        Assert.Contains(missing, Assert.Throws<ConfigurationProblemException>(() => SettingsFile.CreateBuilder(["--Settings:File", missing])).Message, StringComparison.Ordinal);
        var broken = Write("{ \"Data\": ");
        Assert.Contains(broken, Assert.Throws<ConfigurationProblemException>(() => SettingsFile.CreateBuilder(["--Settings:File", broken])).Message, StringComparison.Ordinal);
    }

    private string Write(string json)
    {
        var file = Path.Combine(_folder, "settings.json");
        File.WriteAllText(file, json);
        return file;
    }
}
