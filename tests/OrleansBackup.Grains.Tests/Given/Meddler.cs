using System.Text.Json.Nodes;
using OrleansBackup.GraphSimulator.World;

namespace OrleansBackup.Grains.Tests.Given;

/// <summary>Changes a little of whatever has come into a tenant's Microsoft 365 since it looked first, once each: so that who compares has something to find.</summary>
internal sealed class Meddler
{
    private readonly ServiceScene _scene;
    private readonly HashSet<string> _seen;

    public Meddler(ServiceScene scene)
    {
        _scene = scene;
        _seen = [.. Things().Select(thing => thing.Key)];
    }

    public void Meddle()
    {
        foreach (var (key, change) in Things())
            if (_seen.Add(key))
                change();
    }

    private List<(string Key, Action Change)> Things()
    {
        var tenant = _scene.Admin.Tenant(_scene.Tenant.ToString());
        var things = new List<(string, Action)>();
        foreach (var box in tenant.Directory.Users.Select(user => tenant.Directory.FindMailbox(user.Id)).OfType<Mailbox>())
            box.Read(() =>
            {
                foreach (var message in box.Folders.SelectMany(folder => folder.Messages))
                    things.Add(($"{box.UserId} message {message.Number}", () => box.Change(message, version => version with { IsRead = !version.IsRead })));
                foreach (var item in box.AllItems.Where(item => !item.IsContainer))
                    things.Add(($"{box.UserId} item {item.Number}", () => box.ChangeItem(item, version => version with { Properties = Changed(version.Properties) })));
                return true;
            });
        foreach (var drive in tenant.Drives.All)
            foreach (var file in drive.Read(() => drive.AllItems.Where(item => item.Kind == DriveItemKind.File).ToList()))
                things.Add(($"{drive.Id} file {file.Id}", () => drive.Write(file, new HeldFile("somebody else's"u8.ToArray()), modified: file.Latest.Modified)));
        foreach (var site in tenant.Collaboration.Sites)
        {
            foreach (var page in site.Pages.Living)
                things.Add(($"{site.Id} page {page.Id}", () => site.Pages.Change(page.Id, (state, _) => state with { Title = $"{state.Title}." })));
            foreach (var list in site.Lists.Living)
                foreach (var item in site.Items(list.Id).Living)
                    things.Add(($"{site.Id} {list.Id} {item.Id}", () => site.Items(list.Id).Change(item.Id, (state, _) => state with { Fields = state.Fields.SetItem("Title", "\"other\"") })));
        }
        return things;
    }

    private static JsonObject Changed(JsonObject properties)
    {
        var changed = properties.DeepClone().AsObject();
        var name = new[] { "subject", "displayName", "title" }.First(changed.ContainsKey);
        changed[name] = $"{(string?)changed[name]}.";
        return changed;
    }
}
