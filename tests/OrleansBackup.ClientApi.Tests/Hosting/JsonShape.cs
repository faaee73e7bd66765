using System.Text.Json;

namespace OrleansBackup.ClientApi.Tests.Hosting;

/// <summary>Compares names and values of an answer with what the contract says.</summary>
internal static class JsonShape
{
    /// <summary>The names of an object, in order of writing, with a space between.</summary>
    public static string Names(this JsonElement element) => string.Join(' ', element.EnumerateObject().Select(property => property.Name));

    public static JsonElement At(this JsonElement element, string name) => element.GetProperty(name);

    public static JsonElement First(this JsonElement element, string name) => element.GetProperty(name)[0];

    public static string? Text(this JsonElement element, string name) => element.GetProperty(name).GetString();
}
