using Orleans.Configuration;

namespace Orleans.Runtime;

/// <summary>Every grain class of the application, found by the interfaces it implements and by its name in ids.</summary>
internal sealed class GrainCatalog
{
    private readonly Dictionary<GrainType, GrainClass> _byName = [];
    private readonly Dictionary<Type, List<GrainClass>> _byInterface = [];

    /// <exception cref="InvalidOperationException">Two grain classes have one name.</exception>
    internal GrainCatalog(IEnumerable<Type> grainClasses, GrainCollectionOptions collection)
    {
        foreach (var type in grainClasses)
        {
            var grainClass = new GrainClass(type, collection);
            if (!_byName.TryAdd(grainClass.Name, grainClass))
            {
                throw new InvalidOperationException(
                    $"Two grain classes are named '{grainClass.Name}': {_byName[grainClass.Name].Type} and {type}. Give one a [GrainType].");
            }
            foreach (var contract in grainClass.Interfaces)
            {
                if (!_byInterface.TryGetValue(contract, out var classes))
                    _byInterface.Add(contract, classes = []);
                classes.Add(grainClass);
            }
        }
    }

    internal IEnumerable<GrainClass> All => _byName.Values;

    /// <exception cref="ArgumentException">There is no such grain class.</exception>
    internal GrainClass Named(GrainType name) => _byName.TryGetValue(name, out var grainClass)
        ? grainClass
        : throw new ArgumentException($"No grain class is named '{name}'.");

    /// <exception cref="ArgumentException">No class, or more than one, implements the interface.</exception>
    internal GrainClass Implementing(Type contract, string? namePrefix)
    {
        if (!_byInterface.TryGetValue(contract, out var classes))
            throw new ArgumentException($"No grain class implements {contract}.");
        if (classes.Count == 1 && namePrefix is null)
            return classes[0];
        var matching = namePrefix is null
            ? classes
            : classes.FindAll(one => one.Type.FullName!.StartsWith(namePrefix, StringComparison.Ordinal)
                || one.Type.Name.StartsWith(namePrefix, StringComparison.Ordinal));
        return matching.Count switch
        {
            1 => matching[0],
            0 => throw new ArgumentException($"No grain class implementing {contract} has a name that starts with '{namePrefix}'."),
            _ => throw new ArgumentException($"{contract} is implemented by {string.Join(" and ", matching.Select(one => one.Type))}: "
                + "say which by the start of its name."),
        };
    }
}
