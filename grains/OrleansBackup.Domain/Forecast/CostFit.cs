namespace OrleansBackup.Domain.Forecast;

/// <summary>What one unit of each of two amounts costs, fitted to what was seen (least squares, neither below zero).</summary>
/// <remarks>Only the ratio of the two is to be used: whoever asks scales them so that they explain all that has passed. Not safe for concurrent use.</remarks>
internal sealed class CostFit
{
    private double _firstFirst, _firstSecond, _secondSecond, _firstCost, _secondCost;

    public void Add(double first, double second, double cost)
    {
        _firstFirst += first * first;
        _firstSecond += first * second;
        _secondSecond += second * second;
        _firstCost += first * cost;
        _secondCost += second * cost;
    }

    public (double PerFirst, double PerSecond) Costs()
    {
        var determinant = (_firstFirst * _secondSecond) - (_firstSecond * _firstSecond);
        if (determinant > 1e-9 * _firstFirst * _secondSecond)
        {
            var perFirst = ((_firstCost * _secondSecond) - (_secondCost * _firstSecond)) / determinant;
            var perSecond = ((_secondCost * _firstFirst) - (_firstCost * _firstSecond)) / determinant;
            if (perFirst >= 0 && perSecond >= 0 && perFirst + perSecond > 0)
                return (perFirst, perSecond);
        }
        // One of the two explains it alone: the one that explains more of it.
        var byFirst = _firstFirst > 0 ? _firstCost * _firstCost / _firstFirst : 0;
        var bySecond = _secondSecond > 0 ? _secondCost * _secondCost / _secondSecond : 0;
        return byFirst >= bySecond ? (1, 0) : (0, 1);
    }
}
