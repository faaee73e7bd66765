using System.Reflection;
using OrleansBackup.Domain.Coverage;
using OrleansBackup.Domain.Identity;
using OrleansBackup.GrainInterfaces.Restores;
using OrleansBackup.Microsoft365.Drives;
using OrleansBackup.Microsoft365.Items;
using OrleansBackup.Microsoft365.Mail;
using OrleansBackup.Microsoft365.Sites;
using OrleansBackup.Microsoft365.Teams;

namespace OrleansBackup.Grains.Tests.Coverage;

/// <summary>What is said to be protected is held against the code.</summary>
public sealed class CoverageTableTests
{
    [Fact]
    public void Every_loss_that_a_restore_can_name_stands_in_the_table()
    {
        var known = CoverageTable.All.SelectMany(entry => entry.Losses).ToHashSet(StringComparer.Ordinal);
        var named = new[] { typeof(LossKind), typeof(ItemLossKind), typeof(DriveLossKind), typeof(SiteLossKind), typeof(TeamLossKind), typeof(LossKinds) }
            .SelectMany(type => type.GetFields(BindingFlags.Public | BindingFlags.Static)).Where(field => field.IsLiteral).Select(field => (string)field.GetRawConstantValue()!)
            .Where(word => word != LossKinds.Unknown).ToHashSet(StringComparer.Ordinal);
        Assert.Empty(named.Except(known));
        Assert.Empty(known.Except(named));
    }

    [Fact]
    public void Every_kind_has_its_lines_and_what_cannot_be_protected_says_why()
    {
        foreach (var kind in Enum.GetValues<ResourceKind>())
        {
            var lines = CoverageTable.All.Where(entry => entry.Kind == kind).ToList();
            Assert.NotEmpty(lines);
            if (kind.Limitation() is { } limitation)
                Assert.Equal((Kept.Nothing, ComesBack.NotAtAll, limitation), lines.Select(line => (line.Kept, line.ComesBack, line.Note)).Single());
        }
    }

    [Fact]
    public void What_is_not_kept_or_does_not_come_back_says_so_in_words() =>
        Assert.All(CoverageTable.All.Where(entry => entry.Kept != Kept.Whole || entry.ComesBack == ComesBack.NotAtAll), entry => Assert.NotEmpty(entry.Note));

    [Fact]
    public void The_published_page_is_the_table()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "OrleansBackup.sln")))
            folder = folder.Parent;
        Assert.NotNull(folder);
        Assert.Equal(CoverageTable.ToMarkdown(), File.ReadAllText(Path.Combine(folder.FullName, "grains", "COVERAGE.md"))); // after a change: write what is expected there
    }
}
