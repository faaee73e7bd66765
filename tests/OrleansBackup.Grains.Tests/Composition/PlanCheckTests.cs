using OrleansBackup.Domain.Plans;
using OrleansBackup.Grains.Composition;

namespace OrleansBackup.Grains.Tests.Composition;

/// <summary>Plans are files: two come with the server, a third is added by putting it into a folder, and a wrong one is named at the start.</summary>
public sealed class PlanCheckTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("orleansbackup-plans-").FullName;

    [Fact]
    public void Two_plans_come_with_the_server_and_a_third_is_added_by_its_file()
    {
        var third = PlanFile.Write(BuiltIn().Find("accensys")! with { Id = "third", Version = 3 });
        File.WriteAllText(Path.Combine(_folder, "third.json"), third);
        var options = new PlanOptions { Folder = _folder };

        Assert.True(new PlanCheck().Validate(null, options).Succeeded);
        var plans = PlanCatalog.Read(options.Folders(), out _);
        Assert.Equal(["accensys", "jp-ict", "third"], plans.All.Select(plan => plan.Id));
        Assert.Equal(third, PlanFile.Write(plans.Find("third")!));
    }

    [Fact]
    public void A_file_of_the_providers_own_takes_the_place_of_a_built_in_plan()
    {
        File.WriteAllText(Path.Combine(_folder, "own.json"), PlanFile.Write(BuiltIn().Find("jp-ict")! with { Version = 7 }));
        Assert.Equal(7, PlanCatalog.Read(new PlanOptions { Folder = _folder }.Folders(), out _).Find("jp-ict")!.Version);
    }

    [Fact]
    public void Every_file_that_is_wrong_is_named_and_stops_the_start()
    {
        File.WriteAllText(Path.Combine(_folder, "broken.json"), "{");
        File.WriteAllText(Path.Combine(_folder, "chats.json"), PlanFile.Write(BuiltIn().Find("accensys")!).Replace("\"directChats\": false", "\"directChats\": true", StringComparison.Ordinal));
        var verdict = new PlanCheck().Validate(null, new PlanOptions { Folder = _folder });
        Assert.True(verdict.Failed);
        Assert.Contains(verdict.Failures!, failure => failure.Contains("broken.json", StringComparison.Ordinal));
        Assert.Contains(verdict.Failures!, failure => failure.Contains("chats.json", StringComparison.Ordinal) && failure.Contains("scope.directChats", StringComparison.Ordinal));
        Assert.True(new PlanCheck().Validate(null, new PlanOptions { Folder = Path.Combine(_folder, "none") }).Failed);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static PlanCatalog BuiltIn() => PlanCatalog.Read(new PlanOptions().Folders(), out _);
}
