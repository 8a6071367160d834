// Numbers instead of names: the bundle does not depend on where the checkout lies.
module.exports = { optimization: { moduleIds: 'natural', chunkIds: 'natural' } };
