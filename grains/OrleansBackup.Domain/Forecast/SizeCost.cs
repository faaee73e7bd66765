namespace OrleansBackup.Domain.Forecast;

/// <summary>What follows from a size that is told, fitted to what some took.</summary>
internal abstract class SizeCost
{
    private const double Least = 1e-3;

    /// <param name="samples">At least one, each of which tells something.</param>
    public static SizeCost Of(IReadOnlyList<(ToldSize Told, double Cost)> samples)
    {
        var bounded = samples.Select(sample => (sample.Told, Cost: Math.Max(Least, sample.Cost))).ToList();
        return bounded.TrueForAll(sample => sample.Told.Items is not null) ? new OfItems(bounded) : new OfBytes(bounded);
    }

    public abstract double Of(ToldSize told);

    /// <summary>Something for each item, and something for each of its bytes; where those are not told, for the resource at all.</summary>
    private sealed class OfItems : SizeCost
    {
        private readonly double _perItem, _perOther;

        public OfItems(List<(ToldSize Told, double Cost)> samples)
        {
            var fit = new CostFit();
            foreach (var (told, cost) in samples) // each in proportion to itself: one large resource must not decide alone what a small one takes
                fit.Add(Items(told) / cost, Other(told) / cost, 1);
            (_perItem, _perOther) = fit.Costs();
            var scale = samples.Sum(sample => sample.Cost) / Math.Max(Least, samples.Sum(sample => Of(sample.Told)));
            (_perItem, _perOther) = (_perItem * scale, _perOther * scale);
        }

        public override double Of(ToldSize told) => Math.Max(Least, (_perItem * Items(told)) + (_perOther * Other(told)));

        private static double Items(ToldSize told) => told.Items ?? 0;

        private static double Other(ToldSize told) => told.Bytes is { } bytes ? bytes / 1e6 : 1;
    }

    /// <summary>A power of the bytes: what is larger has larger files too, and takes less for each byte.</summary>
    private sealed class OfBytes : SizeCost
    {
        // What the power is before anything was seen, and how many samples' worth of that is believed.
        private const double UsualPower = 0.85, Belief = 20;

        private readonly double _factor, _power;

        public OfBytes(List<(ToldSize Told, double Cost)> samples)
        {
            var logs = samples.Select(sample => (Size: Log(sample.Told), Cost: Math.Log(sample.Cost))).ToList();
            var (size, cost) = (logs.Average(sample => sample.Size), logs.Average(sample => sample.Cost));
            var (spread, both) = (logs.Sum(sample => (sample.Size - size) * (sample.Size - size)), logs.Sum(sample => (sample.Size - size) * (sample.Cost - cost)));
            _power = Math.Clamp((both + (Belief * UsualPower)) / (spread + Belief), 0, 1.1);
            _factor = Math.Exp(cost - (_power * size));
        }

        public override double Of(ToldSize told) => Math.Max(Least, _factor * Math.Exp(_power * Log(told)));

        private static double Log(ToldSize told) => Math.Log(Math.Max(1, told.Main));
    }
}
