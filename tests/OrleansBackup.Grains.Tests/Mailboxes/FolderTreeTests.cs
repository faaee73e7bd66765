using OrleansBackup.Grains.Runs;

namespace OrleansBackup.Grains.Tests.Mailboxes;

public sealed class FolderTreeTests
{
    private static FolderItem Folder(string id, string? parent, string name) => new(id, parent, name, false, null);

    [Fact]
    public void Parents_come_before_children_and_paths_are_lists_of_names()
    {
        var tree = new FolderTree([Folder("c", "b", "2026"), Folder("a", "root", "Inbox"), Folder("b", "a", "Pro/jects")]);
        Assert.Equal<string>(["a", "b", "c"], tree.InOrder().Select(folder => folder.Id));
        Assert.Equal<string>(["Inbox", "Pro/jects", "2026"], tree.PathOf("c"));
        Assert.Equal<string>(["b", "c"], tree.Subtree("b").Select(folder => folder.Id));
    }

    [Fact]
    public void A_ring_of_parents_ends()
    {
        var tree = new FolderTree([Folder("a", "b", "A"), Folder("b", "a", "B")]);
        Assert.Equal<string>(["B", "A"], tree.PathOf("a"));
        Assert.Equal(2, tree.Subtree("a").Length);
    }

    [Fact]
    public void Siblings_of_one_name_are_two_folders()
    {
        var tree = new FolderTree([Folder("a", null, "Same"), Folder("b", null, "Same")]);
        Assert.Equal(2, tree.InOrder().Length);
    }
}
