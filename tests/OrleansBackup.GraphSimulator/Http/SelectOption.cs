namespace OrleansBackup.GraphSimulator.Http;

/// <summary>Reads <c>$select</c> against what a type has; an unknown name is refused, as the service does.</summary>
public static class SelectOption
{
    /// <param name="text">The option; null selects the default.</param>
    /// <param name="known">All property names of the type.</param>
    /// <param name="type">The type's name, for the refusal.</param>
    /// <returns>Null when nothing is selected.</returns>
    /// <exception cref="GraphErrorException">400: a name is unknown.</exception>
    public static IReadOnlySet<string>? Read(string? text, Func<string, bool> known, string type)
    {
        if (string.IsNullOrWhiteSpace(text))
            return null;
        var names = new HashSet<string>(StringComparer.Ordinal) { "id" };
        foreach (var name in text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            if (!known(name))
                throw GraphErrors.UnknownProperty(name, type);
            names.Add(name);
        }
        return names;
    }
}
